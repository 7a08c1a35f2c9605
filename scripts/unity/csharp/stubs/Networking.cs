// UnityWebRequest: with answers of its own for play mode, or over the real network for the guide.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace UnityEngine.Networking
{
    public class DownloadHandler : IDisposable
    {
        public string text { get; internal set; } = "{\"stats\":[]}";
        public static int Living;
        public DownloadHandler() => Living++;
        public void Dispose() => Living--;
    }

    public sealed class DownloadHandlerBuffer : DownloadHandler { }

    public class UploadHandler : IDisposable
    {
        internal byte[] Data;
        public void Dispose() { }
    }

    public sealed class UploadHandlerRaw : UploadHandler
    {
        public UploadHandlerRaw(byte[] data) => Data = data;
    }

    public sealed class UnityWebRequestAsyncOperation
    {
        public Func<bool> Done;
        public bool isDone => Done();
    }

    public sealed class UnityWebRequest : IDisposable
    {
        public enum Result { InProgress, Success, ConnectionError, ProtocolError, DataProcessingError }

        static readonly HttpClient http = new HttpClient();
        /// <summary>How many frames an answer takes; negative for the real network.</summary>
        public static int Frames = 3;
        /// <summary>As Unity 2022 and newer with http, unless the project allows it.</summary>
        public static bool RefusesHttp;
        public static int Living;

        readonly string url, method;
        readonly Dictionary<string, string> sent = new Dictionary<string, string>();
        readonly CancellationTokenSource abort = new CancellationTokenSource();
        Dictionary<string, string> received = new Dictionary<string, string> { { "Content-Type", "application/json" } };
        int left = Frames;

        public UnityWebRequest(string url, string method)
        {
            this.url = url;
            this.method = method;
            Living++;
        }

        public DownloadHandler downloadHandler { get; set; }
        public UploadHandler uploadHandler { get; set; }
        public Result result { get; private set; } = Result.Success;
        public long responseCode { get; private set; } = 200;
        public string error { get; private set; }
        public ulong downloadedBytes => (ulong)downloadHandler.text.Length;
        public void SetRequestHeader(string name, string value) => sent[name] = value;
        public Dictionary<string, string> GetResponseHeaders() => received;

        public UnityWebRequestAsyncOperation SendWebRequest()
        {
            if (RefusesHttp) throw new InvalidOperationException("Insecure connection not allowed");
            if (Frames >= 0) return new UnityWebRequestAsyncOperation { Done = () => --left <= 0 };
            Task work = Task.Run(ReachAsync);
            return new UnityWebRequestAsyncOperation { Done = () => work.IsCompleted };
        }

        async Task ReachAsync()
        {
            try
            {
                using (HttpRequestMessage message = new HttpRequestMessage(new HttpMethod(method), url))
                {
                    if (uploadHandler != null) message.Content = new StringContent(Encoding.UTF8.GetString(uploadHandler.Data), new UTF8Encoding(false), "application/json");
                    foreach (KeyValuePair<string, string> header in sent) message.Headers.TryAddWithoutValidation(header.Key, header.Value);
                    using (HttpResponseMessage response = await http.SendAsync(message, abort.Token))
                    {
                        downloadHandler.text = await response.Content.ReadAsStringAsync();
                        received = response.Headers.Concat(response.Content.Headers).ToDictionary(one => one.Key, one => string.Join(", ", one.Value));
                        responseCode = (int)response.StatusCode;
                        result = responseCode < 400 ? Result.Success : Result.ProtocolError;
                    }
                }
            }
            catch (Exception fault)
            {
                error = fault.Message;
                responseCode = 0;
                result = Result.ConnectionError;
            }
        }

        public void Abort()
        {
            left = 0;
            abort.Cancel();
        }

        public void Dispose()
        {
            Living--;
            downloadHandler?.Dispose();
            uploadHandler?.Dispose();
        }
    }
}
