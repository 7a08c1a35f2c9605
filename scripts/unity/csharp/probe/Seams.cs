using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Statkeep;

sealed class HttpTransport : ITransport
{
    readonly HttpClient http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };

    public async Task<TransportResponse> SendAsync(TransportRequest request, CancellationToken cancel)
    {
        using (HttpRequestMessage message = new HttpRequestMessage(new HttpMethod(request.Method), request.Url))
        {
            if (request.Body != null) message.Content = new StringContent(request.Body, new UTF8Encoding(false), "application/json");
            foreach (KeyValuePair<string, string> header in request.Headers) message.Headers.TryAddWithoutValidation(header.Key, header.Value);
            int status = 0;
            try
            {
                using (HttpResponseMessage response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancel))
                {
                    status = (int)response.StatusCode;
                    using (Stream stream = await response.Content.ReadAsStreamAsync())
                    using (cancel.Register(response.Dispose))
                    {
                        MemoryStream body = new MemoryStream();
                        byte[] part = new byte[16384];
                        for (int read; (read = await stream.ReadAsync(part, 0, part.Length, cancel)) > 0;)
                        {
                            body.Write(part, 0, read);
                            if (body.Length > request.MaxBytes) throw new TransportException("The answer is too long.", status);
                        }
                        Dictionary<string, string> headers = response.Headers.Concat(response.Content.Headers)
                            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
                        return new TransportResponse(status, Encoding.UTF8.GetString(body.ToArray()), name => headers.TryGetValue(name, out string value) ? value : null);
                    }
                }
            }
            catch (Exception) when (cancel.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancel);
            }
            catch (Exception fault) when (fault is HttpRequestException || fault is IOException || fault is ObjectDisposedException || fault is System.Net.WebException)
            {
                throw new TransportException((fault.InnerException ?? fault).Message);
            }
        }
    }
}

/// <summary>The machine's clock; the wall clock can be set off by days, as a player's may be.</summary>
sealed class ProbeClock : IClock
{
    readonly Stopwatch watch = Stopwatch.StartNew();
    readonly double daysOff;

    public ProbeClock(double daysOff)
    {
        this.daysOff = daysOff;
    }

    public double Seconds => watch.Elapsed.TotalSeconds;
    public DateTime UtcNow => DateTime.UtcNow.AddDays(daysOff);
    public Task DelayAsync(double seconds, CancellationToken cancel) => Task.Delay(TimeSpan.FromSeconds(seconds), cancel);
}

/// <summary>A file a key, changed under a lock and replaced whole, so that a kill leaves the old or the new.</summary>
sealed class FileStore : IStore
{
    readonly string folder;

    /// <summary>As a full disk, or a browser that keeps nothing.</summary>
    public bool IsBroken { get; set; }

    public FileStore(string folder)
    {
        this.folder = folder;
        Directory.CreateDirectory(folder);
    }

    string PathOf(string key) => Path.Combine(folder, key);

    public string Read(string key)
    {
        try
        {
            return File.ReadAllText(PathOf(key));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    public void Update(string key, Func<string, string> change)
    {
        if (IsBroken) throw new IOException("The disk is full.");
        using (Lock(PathOf(key) + ".lock"))
        {
            string before = Read(key);
            string after = change(before);
            if (after == before) return;
            if (after == null)
            {
                File.Delete(PathOf(key));
                return;
            }
            string next = PathOf(key) + ".next";
            File.WriteAllText(next, after);
            if (File.Exists(PathOf(key))) File.Replace(next, PathOf(key), null);
            else File.Move(next, PathOf(key));
        }
    }

    /// <summary>A lock of the system's, which ends with the process. Mono's FileShare holds only inside one process.</summary>
    static FileStream Lock(string path)
    {
        FileStream file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        for (int tries = 0; ; tries++)
        {
            try
            {
                file.Lock(0, 1);
                return file;
            }
            catch (IOException) when (tries < 5000)
            {
                Thread.Sleep(2);
            }
        }
    }
}

sealed class ErrorLog : ILog
{
    public void Write(LogLevel level, string message) => Console.Error.WriteLine(level + " " + message);
}
