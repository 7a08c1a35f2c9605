using System;

namespace Statkeep
{
    public sealed class StatkeepOptions
    {
        /// <summary>Where the service is: https, or http on this machine.</summary>
        public string Url { get; set; }
        /// <summary>Separates the stored data of several players, or services, on one device.</summary>
        public string Profile { get; set; } = "default";
        /// <summary>Seconds for a whole call, retries included.</summary>
        public double Timeout { get; set; } = 30;
        /// <summary>Seconds for one attempt of a call.</summary>
        public double AttemptTimeout { get; set; } = 10;
        /// <summary>How many times a call is repeated at most.</summary>
        public int Retries { get; set; } = 4;
        public ITransport Transport { get; set; }
        public IClock Clock { get; set; }
        public IStore Store { get; set; }
        public ILog Log { get; set; }
        /// <summary>Returns 0 to 1; decides the delay between attempts.</summary>
        public Func<double> Random { get; set; } = new Random().NextDouble;

        internal void Check()
        {
            if (Transport == null || Clock == null || Store == null)
                throw new ArgumentException("Transport, Clock and Store have to be set. In Unity, StatkeepUnity.CreateClient does it.");
            if (!Uri.TryCreate(Url, UriKind.Absolute, out Uri uri) || (uri.Scheme != "https" && uri.Scheme != "http"))
                throw new ArgumentException("Url has to be an https address, such as https://statkeep.example.com.");
            if (uri.Scheme == "http" && !uri.IsLoopback)
                throw new StatkeepException(ProblemCode.InsecureUrl, "A password would cross the network in plain text: use https. http is for a service on this machine.");
            Url = Url.TrimEnd('/');
        }
    }
}
