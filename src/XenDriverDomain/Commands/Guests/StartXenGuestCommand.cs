using System.Collections;
using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Changes;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.Configuration;
using XenDriverDomain.Guests;
using XenDriverDomain.Hosts;

namespace XenDriverDomain.Commands;

/// <summary>
/// Start-XenGuest: starts a guest from a configuration of xl or of older days, and verifies which domain backs its vifs and disks.
/// </summary>
[Cmdlet(
    VerbsLifecycle.Start, "XenGuest", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    DefaultParameterSetName = ConfigSet)]
[OutputType(typeof(Guest))]
public sealed class StartXenGuestCommand : ChangeCmdletWithWait
{
    private const string PathSet = "Path";
    private const string ConfigSet = "Config";

    /// <summary>Configuration files of xl, xm or in SXP, paths on the host.</summary>
    [Parameter(
        Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = PathSet)]
    [Alias("ConfigPath")]
    [PropertyOf("ConfigPath", "Path")]
    [ArgumentCompleter(typeof(ConfigPathCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Configurations, as Import-XenDomainConfig and ConvertFrom-XenDomainConfig return them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ConfigSet)]
    [ConfigOf]
    [ValidateNotNullOrEmpty]
    public XenDomainConfig[] Config { get; set; } = [];

    /// <summary>Variables, as behind the file's name in xm create FILE beid=4. A list is given once for each of its elements.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [ArgumentCompleter(typeof(HostVariableCompleter))]
    [ValidateNotNull]
    [VariablesOf]
    public IDictionary? Variable { get; set; }

    /// <summary>Returns the guests as they are afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachHost(host =>
    {
        foreach (string path in Path)
        {
            TryFor(path, () => Start(host, (options, token) => host.Guests.PlanStartAsync(path, options, token)));
        }

        foreach (XenDomainConfig config in Config)
        {
            TryFor(config, () => Start(host, (options, token) => host.Guests.PlanStartAsync(config, options, token)));
        }
    });

    private void Start(HostSession host, Func<GuestStartOptions, CancellationToken, Task<PlannedChange<Guest>>> planAsync)
    {
        GuestStartOptions options = new() { Timeout = Timeout, NoWait = NoWait, Variables = Variables.Of(Variable) };
        if (Change(host, token => planAsync(options, token), PassThru, out Guest? started) && PassThru)
        {
            WriteObject(started);
        }
    }
}
