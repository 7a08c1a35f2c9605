using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Statkeep
{
    /// <summary>Sends one request. Called on the main thread, and has to complete there.</summary>
    public interface ITransport
    {
        /// <exception cref="TransportException">No answer came: no network, a refused or a broken connection.</exception>
        /// <exception cref="OperationCanceledException">The token was cancelled; the connection is closed.</exception>
        Task<TransportResponse> SendAsync(TransportRequest request, CancellationToken cancel);
    }

    public sealed class TransportRequest
    {
        public string Method { get; }
        public string Url { get; }
        /// <summary>JSON, or null for no body.</summary>
        public string Body { get; }
        public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }
        /// <summary>For a longer answer it throws a <see cref="TransportException"/> with the status.</summary>
        public int MaxBytes { get; }

        public TransportRequest(
            string method, string url, string body, IReadOnlyList<KeyValuePair<string, string>> headers, int maxBytes)
        {
            Method = method;
            Url = url;
            Body = body;
            Headers = headers;
            MaxBytes = maxBytes;
        }
    }

    public sealed class TransportResponse
    {
        readonly Func<string, string> header;

        public int Status { get; }
        public string Text { get; }

        /// <param name="header">Gives a header's value, or null.</param>
        public TransportResponse(int status, string text, Func<string, string> header)
        {
            Status = status;
            Text = text;
            this.header = header;
        }

        public string Header(string name) => header(name);
    }

    public sealed class TransportException : Exception
    {
        /// <summary>0 if there was no answer; otherwise the status of the answer that could not be read.</summary>
        public int Status { get; }

        public TransportException(string message, int status = 0) : base(message)
        {
            Status = status;
        }
    }
}
