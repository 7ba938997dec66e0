using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.Network;

namespace XenDriverDomain.Backends.Clients;

/// <summary>A vif to connect (xl-network-configuration(5) names in brackets).</summary>
public sealed record ConnectVifRequest
{
    /// <summary>The guest; null when only its configuration file is changed.</summary>
    public DomainRef? Guest { get; init; }

    /// <summary>The domain that shall back it [backend].</summary>
    public required DomainRef Backend { get; init; }

    /// <summary>The bridge inside the back-end domain [bridge]; null means the driver domain's own default.</summary>
    public string? Bridge { get; init; }

    /// <summary>The MAC address [mac]; null lets one be chosen in Xen's range.</summary>
    public MacAddress? Mac { get; init; }

    /// <summary>The maximum transfer unit in bytes [mtu].</summary>
    public int? Mtu { get; init; }

    /// <summary>The interface's name inside the back-end domain [vifname].</summary>
    public string? VifName { get; init; }

    /// <summary>The hotplug script [script], a path that must be the same in dom0 and in the back-end domain.</summary>
    public string? Script { get; init; }

    /// <summary>The limit of the rate [rate], such as <c>10MB/s@20ms</c>; null means none.</summary>
    public string? Rate { get; init; }

    /// <summary>The vif's number in the guest [devid]; null means the next free one.</summary>
    public int? Devid { get; init; }

    /// <summary>
    /// A vif beside one that the guest has to this back end and bridge. Without it, and without a MAC address, that one is what is asked
    /// for.
    /// </summary>
    public bool Additional { get; init; }

    /// <summary>The guest's configuration file on dom0 to which the vif is added as well.</summary>
    public string? ConfigPath { get; init; }

    /// <summary>How long both ends may take to connect.</summary>
    public TimeSpan Timeout { get; init; } = Patience.Effect;

    /// <summary>Returns as soon as the vif exists.</summary>
    public bool NoWait { get; init; }
}
