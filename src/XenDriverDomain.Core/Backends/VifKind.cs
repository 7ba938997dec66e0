using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Network;

namespace XenDriverDomain.Backends;

/// <summary>Vifs (xen/include/public/io/netif.h): network interfaces of guests.</summary>
internal sealed class VifKind : AttachableKind<VifRecord>
{
    private static readonly string[] s_settings =
        ["mac", "bridge", "script", "ip", "vifname", "mtu", "rate", "gatewaydev", "vlan"];

    /// <inheritdoc/>
    public override string Name => "vif";

    /// <inheritdoc/>
    public override string Noun => "vif";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Settings => s_settings;

    /// <inheritdoc/>
    public override string AttachCommand => "network-attach";

    /// <inheritdoc/>
    public override string DetachCommand => "network-detach";

    /// <inheritdoc/>
    public override DeviceErrorIds Errors { get; } = new(
        Gone: ErrorIds.VifGone,
        AttachFailed: ErrorIds.VifAttachFailed,
        BackendMismatch: ErrorIds.VifBackendMismatch,
        NoBackendDriver: ErrorIds.VifNoBackendDriver,
        DetachIncomplete: ErrorIds.VifDetachIncomplete);

    /// <summary>
    /// A vif to attach, which is known by its MAC address; its back end is given to xl by domid, which cannot be mistaken.
    /// </summary>
    public static WantedDevice<VifRecord> Wanted(VifSpec spec, int backend)
    {
        MacAddress mac = spec.Mac ?? throw new ArgumentException("A vif is known by its MAC address.", nameof(spec));
        VifSpec backed = spec with { Backend = DomainRef.FromDomid(backend) };
        return new WantedDevice<VifRecord>(backend, backed.ToArguments(), $"vif {mac}", v => v.Mac == mac);
    }

    /// <inheritdoc/>
    public override VifRecord Of(DeviceRecord read) => new(read);

    /// <inheritdoc/>
    public override string NameOf(VifRecord device) => $"vif {device.Device.Devid}";

    /// <inheritdoc/>
    public override string DescriptionOf(VifRecord device) => $"{NameOf(device)} ({device.Mac})";

    /// <inheritdoc/>
    public override DeviceHealth ExplainEnds(VifRecord device) => VifDiagnosis.ExplainEnds(device);

    /// <inheritdoc/>
    public override DeviceHealth Explain(VifRecord device, DomainStates states) => VifDiagnosis.Explain(device, states);
}
