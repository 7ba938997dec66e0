using XenDriverDomain.Errors;
using XenDriverDomain.Network;

namespace XenDriverDomain.Backends;

/// <summary>A guest's network interface and both its ends, at the moment it was looked at (docs/misc/xenstore-paths.pandoc).</summary>
public sealed record GuestVif
{
    /// <summary>The id of the host.</summary>
    public required string Dom0 { get; init; }

    /// <summary>The guest's name.</summary>
    public required string Guest { get; init; }

    /// <summary>The guest's domid.</summary>
    public required int GuestDomid { get; init; }

    /// <summary>The device's number within the guest (devid, handle).</summary>
    public required int Devid { get; init; }

    /// <summary>The MAC address; null when the record lacks one.</summary>
    public MacAddress? Mac { get; init; }

    /// <summary>
    /// The name of the domain that backs it, or that it is to come back to; null when that domain is gone and nobody knows it.
    /// </summary>
    public string? Backend { get; init; }

    /// <summary>The domid that the toolstack recorded for the back end.</summary>
    public int BackendDomid { get; init; }

    /// <summary>The bridge inside the back-end domain; null when none was named.</summary>
    public string? Bridge { get; init; }

    /// <summary>The hotplug script as the toolstack recorded it; null when none is recorded.</summary>
    public string? Script { get; init; }

    /// <summary>The limit of its rate as xl takes it (<c>10000000B/s@50000us</c>); null when there is none.</summary>
    public string? Rate { get; init; }

    /// <summary>The maximum transfer unit in bytes; null for the usual 1500.</summary>
    public int? Mtu { get; init; }

    /// <summary>The interface's name inside the back-end domain; null for <c>vifDOMID.DEVID</c>.</summary>
    public string? VifName { get; init; }

    /// <summary>The guest's end.</summary>
    public XenbusState FrontendState { get; init; }

    /// <summary>The back end's end.</summary>
    public XenbusState BackendState { get; init; }

    /// <summary>What the hotplug script said: <c>connected</c>, <c>error</c>, or null when it has not run.</summary>
    public string? HotplugStatus { get; init; }

    /// <summary>How it stands.</summary>
    public VifStatus Status { get; init; }

    /// <summary>What is wrong or awaited, for a person; empty when all is well.</summary>
    public string Detail => Finding?.Cause ?? string.Empty;

    /// <summary>What can be done about it, for a person; empty when all is well.</summary>
    public string Remedy => Finding?.Remedy ?? string.Empty;

    /// <summary>The error that <see cref="Detail"/> is, as a constant of <see cref="ErrorIds"/>; null when all is well.</summary>
    public string? ErrorId => Finding?.Id;

    /// <summary>What is wrong or awaited; null when all is well.</summary>
    internal Finding? Finding { get; init; }
}
