using XenDriverDomain.Configuration;

namespace XenDriverDomain.ConfigFiles;

/// <summary>A driver domain's configuration file and what it says.</summary>
/// <param name="Path">Where it is on dom0.</param>
/// <param name="Configuration">What it says.</param>
internal sealed record DriverDomainFile(string Path, DomainConfiguration Configuration);
