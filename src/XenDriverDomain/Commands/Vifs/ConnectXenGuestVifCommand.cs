using System.Management.Automation;
using XenDriverDomain.Backends;
using XenDriverDomain.Backends.Clients;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.Domains;
using XenDriverDomain.Network;

namespace XenDriverDomain.Commands;

/// <summary>Connect-XenGuestVif: gives a guest a network interface that a driver domain backs, and waits until it works.</summary>
/// <remarks>The set of the file is the default one: without a guest only it can be meant, and both take -ConfigPath.</remarks>
[Cmdlet(
    VerbsCommunications.Connect, "XenGuestVif", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    DefaultParameterSetName = FileSet)]
[OutputType(typeof(GuestVif))]
public sealed class ConnectXenGuestVifCommand : ChangeCmdletWithWait
{
    private const string RunningSet = "Running";
    private const string FileSet = "File";

    /// <summary>The running guests.</summary>
    [Parameter(
        Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = RunningSet)]
    [Alias("Name")]
    [PropertyOf("Guest", "Name")]
    [ArgumentCompleter(typeof(GuestCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Guest { get; set; } = [];

    /// <summary>The domain that backs the vif, by name or domid; it must run.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [PropertyOf("Name")]
    [ArgumentCompleter(typeof(DriverDomainCompleter))]
    [ValidateNotNullOrEmpty]
    public string Backend { get; set; } = string.Empty;

    /// <summary>The bridge inside the back-end domain; left out, the one that the driver domain was created with.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(BridgeCompleter))]
    public string? Bridge { get; set; }

    /// <summary>The MAC address; left out, one is chosen in Xen's range 00:16:3e.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [PropertyOf("Mac")]
    public string? Mac { get; set; }

    /// <summary>The maximum transfer unit in bytes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int? Mtu { get; set; }

    /// <summary>The name of the interface inside the back-end domain.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? VifName { get; set; }

    /// <summary>The hotplug script, a path that is the same on the host and inside the back-end domain.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(HotplugScriptCompleter))]
    public string? Script { get; set; }

    /// <summary>The limit of the rate, such as 10MB/s or 500Kb/s@20ms.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Rate { get; set; }

    /// <summary>The number of the vif in the guest; left out, the next free one.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = RunningSet)]
    [ArgumentCompleter(typeof(VifNumberCompleter))]
    public int? Devid { get; set; }

    /// <summary>Connects another vif although the guest has one to this back end and bridge.</summary>
    [Parameter]
    public SwitchParameter Additional { get; set; }

    /// <summary>The guest's configuration file on the host; the vif is added to it, and all else in it is kept.</summary>
    [Parameter(ParameterSetName = RunningSet)]
    [Parameter(Mandatory = true, ParameterSetName = FileSet)]
    [ArgumentCompleter(typeof(ConfigPathCompleter))]
    [ValidateNotNullOrEmpty]
    public string? ConfigPath { get; set; }

    /// <summary>Returns the vifs as they are afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachHost(host =>
    {
        if (ParameterSetName == FileSet)
        {
            TryFor(ConfigPath, () => Connect(host, null));
            return;
        }

        foreach (string guest in Guest)
        {
            TryFor(guest, () => Connect(host, DomainRef.Parse(guest)));
        }
    });

    private void Connect(Hosts.HostSession host, DomainRef? guest)
    {
        ConnectVifRequest request = new()
        {
            Guest = guest,
            Backend = DomainRef.Parse(Backend),
            Bridge = Given(Bridge),
            Mac = Given(Mac) is { } mac ? MacAddress.Parse(mac) : null,
            Mtu = Mtu,
            VifName = Given(VifName),
            Script = Given(Script),
            Rate = Given(Rate),
            Devid = Devid,
            Additional = Additional,
            ConfigPath = ConfigPath,
            Timeout = Timeout,
            NoWait = NoWait,
        };
        if (Change(host, token => host.Vifs.PlanConnectAsync(request, token), PassThru, out GuestVif? vif)
            && PassThru && vif is not null)
        {
            WriteObject(vif);
        }
    }

    // A vif that comes through the pipeline without one of these has an empty one.
    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
