using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Completion;
using XenDriverDomain.Domains;
using XenDriverDomain.Hosting;

namespace XenDriverDomain.Commands;

/// <summary>Start-XenGuest: starts a guest from an xl.cfg on the host and verifies which domain backs each of its vifs.</summary>
[Cmdlet(VerbsLifecycle.Start, "XenGuest", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Guest))]
public sealed class StartXenGuestCommand : ChangeCmdletWithWait
{
    /// <summary>Configuration files (xl.cfg), paths on the host.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ConfigPath")]
    [PropertyOf("ConfigPath", "Path")]
    [ArgumentCompleter(typeof(ConfigPathCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Returns the guests as they are afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachHost(host =>
    {
        foreach (string path in Path)
        {
            TryFor(path, () =>
            {
                StartOptions options = new() { Timeout = Timeout, NoWait = NoWait };
                if (Change(host, (reporter, token) => host.Guests.PlanStartAsync(path, options, reporter, token), PassThru, out Guest? started) && PassThru)
                {
                    WriteObject(started);
                }
            });
        }
    });
}
