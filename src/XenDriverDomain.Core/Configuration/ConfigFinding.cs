namespace XenDriverDomain.Configuration;

/// <summary>Something in a configuration that cannot work.</summary>
/// <param name="Id">A constant from <see cref="ConfigFindingIds"/>.</param>
/// <param name="Subject">What it is about: a device, a setting.</param>
/// <param name="Cause">Why it cannot work; a sentence.</param>
/// <param name="Remedy">What to do about it; a sentence.</param>
public sealed record ConfigFinding(string Id, string Subject, string Cause, string Remedy);
