using System.Diagnostics.CodeAnalysis;
using XenDriverDomain.Network;

namespace XenDriverDomain.Backends;

/// <summary>What xenstore says about one vif; its settings are mac, bridge, script, ….</summary>
internal sealed record VifRecord : DeviceRecord
{
    /// <summary>What was read, known to be a vif's.</summary>
    [SetsRequiredMembers]
    public VifRecord(DeviceRecord read)
        : base(read)
    {
    }

    /// <summary>The MAC address; null when the record lacks a valid one.</summary>
    public MacAddress? Mac => MacOf(Settings);

    /// <summary>The bridge; null when none is named.</summary>
    public string? Bridge => BridgeOf(Settings);

    /// <summary>The MAC address among a vif's settings; null when there is no valid one.</summary>
    public static MacAddress? MacOf(IReadOnlyDictionary<string, string> settings) =>
        MacAddress.TryParse(settings.GetValueOrDefault("mac"), out MacAddress mac) ? mac : null;

    /// <summary>The bridge among a vif's settings; null when none is named.</summary>
    public static string? BridgeOf(IReadOnlyDictionary<string, string> settings) =>
        settings.GetValueOrDefault("bridge") is { Length: > 0 } bridge ? bridge : null;
}
