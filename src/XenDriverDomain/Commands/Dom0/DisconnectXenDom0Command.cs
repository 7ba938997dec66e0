using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.Hosts;

namespace XenDriverDomain.Commands;

/// <summary>Disconnect-XenDom0: ends the connection to a host.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "XenDom0", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
public sealed class DisconnectXenDom0Command : Dom0Cmdlet
{
    /// <summary>The hosts: their ids, or patterns of them. Left out, the default host.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [PropertyOf("Dom0")]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public override string[]? Dom0 { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        // Nothing is connected, so nothing is left to do; when others are, it must be said which.
        if (Dom0 is null && Connections.All.Count == 0)
        {
            return;
        }

        ForEachHost(host =>
        {
            if (ShouldProcess(host.Dom0.Id, "Disconnect") && Connections.Remove(host))
            {
                Wait(async (_, _) => await host.DisposeAsync().ConfigureAwait(false));
                if (host.Dom0.Id == HostSession.LocalId)
                {
                    WriteVerbose(
                        $"{HostSession.LocalId} is this machine, which is no connection: what was opened on it is closed, and -Dom0 "
                            + $"{HostSession.LocalId} means it as before.");
                }
            }
        });
    }
}
