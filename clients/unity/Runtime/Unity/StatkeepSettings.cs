using UnityEngine;

namespace Statkeep.Unity
{
    /// <summary>Where the service is. Created by Assets > Create > Statkeep > Settings. It is part of each build, so it holds no key.</summary>
    [CreateAssetMenu(menuName = "Statkeep/Settings", fileName = "Statkeep")]
    public sealed class StatkeepSettings : ScriptableObject
    {
        [SerializeField] string url = "https://YOUR-WORKER.workers.dev";
        [Tooltip("Keeps players on one device apart.")]
        [SerializeField] string profile = "default";

        public string Url => url;
        public string Profile => profile;
    }
}
