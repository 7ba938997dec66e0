namespace XenDriverDomain.Backends;

/// <summary>What a vif's record means.</summary>
/// <param name="Status">The overall finding.</param>
/// <param name="ErrorId">The error it is when it does not change in time; null when all is well.</param>
/// <param name="Detail">What is wrong or awaited, for a person, fit to be shown; empty when all is well.</param>
/// <param name="Remedy">What can be done about it; empty when all is well.</param>
internal sealed record VifFinding(VifStatus Status, string? ErrorId, string Detail, string Remedy);
