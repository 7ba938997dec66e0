using XenDriverDomain.Terminal;

namespace XenDriverDomain.Backends;

/// <summary>
/// What xenstore says about one split device, of whatever kind: the toolstack's record and both live ends, as read; nothing in it is fit to
/// be shown yet, but for what says so. A kind's own record tells what the settings mean.
/// </summary>
internal record DeviceRecord
{
    /// <summary>Which device.</summary>
    public required SplitDevice Device { get; init; }

    /// <summary>The domid in the toolstack's record of the back end.</summary>
    public required int BackendDomid { get; init; }

    /// <summary>The guest's name; null when the guest is gone.</summary>
    public string? GuestName { get; init; }

    /// <summary>The back-end domain's name; null when that domain is gone.</summary>
    public string? BackendName { get; init; }

    /// <summary>The record's settings by key, as far as the kind asks for them, written by the toolstack alone.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>The guest's end.</summary>
    public XenbusState FrontendState { get; init; }

    /// <summary>The back end's end.</summary>
    public XenbusState BackendState { get; init; }

    /// <summary>True when the back end's node exists.</summary>
    public bool HasBackend { get; init; }

    /// <summary>The script's word; null when the node is missing, empty when the script has not run.</summary>
    public string? HotplugStatus { get; init; }

    /// <summary>The script's complaint; null when there is none.</summary>
    public string? HotplugError { get; init; }

    /// <summary>The back-end kernel's complaint; null when there is none.</summary>
    public string? BackendKernelError { get; init; }

    /// <summary>True when nobody backs it any more: its domain is gone, or what was in that domain.</summary>
    public bool IsCutOff => BackendName is null || !HasBackend;

    /// <summary>The guest's name, fit to be shown.</summary>
    public string ShownGuest => GuestName is null ? $"domid {Device.Guest}" : Text.Show(GuestName);

    /// <summary>The back-end domain's name, fit to be shown.</summary>
    public string ShownBackend => BackendName is null ? $"domid {BackendDomid}" : Text.Show(BackendName);
}
