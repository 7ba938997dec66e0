using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration.XlCfg;

/// <summary>One assignment in xl.cfg, <c>key = value</c> or <c>key += value</c>.</summary>
/// <param name="Key">The key, lower case.</param>
/// <param name="IsAppend">True for <c>+=</c>.</param>
/// <param name="Value">The value as it is written there.</param>
/// <param name="Location">Where the key stands.</param>
public sealed record XlConfigAssignment(string Key, bool IsAppend, XlConfigValue Value, ConfigLocation Location)
{
    // The whole statement's extent, and the operator's.
    internal int Start { get; init; }

    internal int OperatorStart { get; init; }

    internal int OperatorEnd { get; init; }
}
