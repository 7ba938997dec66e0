using XenDriverDomain.Network;

namespace XenDriverDomain.Backends;

/// <summary>What xenstore says about one vif: the toolstack's record and both live ends, as read; nothing in it is fit to be shown yet.</summary>
internal sealed record VifRecord
{
    /// <summary>Which vif.</summary>
    public required VifAddress Address { get; init; }

    /// <summary>The domid in the toolstack's record of the back end.</summary>
    public required int BackendDomid { get; init; }

    /// <summary>The guest's name; null when the guest is gone.</summary>
    public string? GuestName { get; init; }

    /// <summary>The back-end domain's name; null when that domain is gone.</summary>
    public string? BackendName { get; init; }

    /// <summary>The record's settings by key (mac, bridge, script, …), written by the toolstack alone.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>The guest's end.</summary>
    public XenbusState FrontendState { get; init; }

    /// <summary>The back end's end.</summary>
    public XenbusState BackendState { get; init; }

    /// <summary>True when the back end's node exists.</summary>
    public bool HasBackend { get; init; }

    /// <summary>True when the front end's node exists.</summary>
    public bool HasFrontend { get; init; }

    /// <summary>The script's word; null when the node is missing, empty when the script has not run.</summary>
    public string? HotplugStatus { get; init; }

    /// <summary>The script's complaint; null when there is none.</summary>
    public string? HotplugError { get; init; }

    /// <summary>The back-end kernel's complaint; null when there is none.</summary>
    public string? KernelError { get; init; }

    /// <summary>The MAC address; null when the record lacks a valid one.</summary>
    public MacAddress? Mac => MacAddress.TryParse(Settings.GetValueOrDefault("mac"), out MacAddress mac) ? mac : null;

    /// <summary>The bridge; null when none is named.</summary>
    public string? Bridge => Settings.GetValueOrDefault("bridge") is { Length: > 0 } bridge ? bridge : null;
}
