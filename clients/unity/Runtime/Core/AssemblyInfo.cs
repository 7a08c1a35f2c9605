using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Statkeep.Server")]
[assembly: InternalsVisibleTo("Statkeep.Tests")]
[assembly: InternalsVisibleTo("Statkeep.Probe")]
