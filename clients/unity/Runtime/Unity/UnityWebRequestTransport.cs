using System;
using System.Collections.Generic;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using UnityEngine.Networking;

namespace Statkeep.Unity
{
    /// <summary>UnityWebRequest: the only network API that every platform has.</summary>
    public sealed class UnityWebRequestTransport : ITransport
    {
        public async Task<TransportResponse> SendAsync(TransportRequest request, CancellationToken cancel)
        {
            cancel.ThrowIfCancellationRequested();
            // Disposing the request disposes both handlers.
            using (UnityWebRequest web = new UnityWebRequest(request.Url, request.Method))
            {
                web.downloadHandler = new DownloadHandlerBuffer();
                if (request.Body != null)
                {
                    web.uploadHandler = new UploadHandlerRaw(Encoding.UTF8.GetBytes(request.Body));
                    web.SetRequestHeader("Content-Type", "application/json");
                }
                foreach (KeyValuePair<string, string> header in request.Headers) web.SetRequestHeader(header.Key, header.Value);
                UnityWebRequestAsyncOperation sending;
                try
                {
                    sending = web.SendWebRequest();
                }
                catch (InvalidOperationException fault)
                {
                    // Unity 2022 and newer throw this for http.
                    throw new TransportException(Explain(fault.Message));
                }
                while (!sending.isDone)
                {
                    if (cancel.IsCancellationRequested || IsTooLong(web, request)) web.Abort();
                    cancel.ThrowIfCancellationRequested();
                    if (IsTooLong(web, request)) throw TooLong(web);
                    await Task.Yield();
                }
                cancel.ThrowIfCancellationRequested();
                if (web.result == UnityWebRequest.Result.ConnectionError || web.responseCode == 0)
                    throw new TransportException(Explain(web.error));
                if (web.result == UnityWebRequest.Result.DataProcessingError)
                    throw new TransportException(web.error, (int)web.responseCode);
                if (IsTooLong(web, request)) throw TooLong(web);
                Dictionary<string, string> headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
                foreach (KeyValuePair<string, string> header in web.GetResponseHeaders() ?? new Dictionary<string, string>())
                    headers[header.Key] = header.Value;
                return new TransportResponse(
                    (int)web.responseCode, web.downloadHandler.text ?? "",
                    name => headers.TryGetValue(name, out string value) ? value : null);
            }
        }

        static bool IsTooLong(UnityWebRequest web, TransportRequest request) => web.downloadedBytes > (ulong)request.MaxBytes;

        static TransportException TooLong(UnityWebRequest web) =>
            new TransportException("The answer is too long.", (int)web.responseCode);

        static string Explain(string error) =>
            error != null && error.Contains("Insecure connection")
                ? error + ": Unity refuses http. For a service on this machine set Project Settings > Player > Allow downloads over HTTP to Development builds only."
                : error ?? "No answer came.";
    }
}
