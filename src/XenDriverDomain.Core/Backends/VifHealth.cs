using XenDriverDomain.Errors;

namespace XenDriverDomain.Backends;

/// <summary>What a vif's record means.</summary>
/// <param name="Status">How the vif stands.</param>
/// <param name="Finding">What is wrong or awaited, the error when it does not change in time; null when all is well.</param>
internal sealed record VifHealth(VifStatus Status, Finding? Finding);
