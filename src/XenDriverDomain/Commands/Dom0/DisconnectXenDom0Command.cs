using System.Management.Automation;
using XenDriverDomain.Cmdlets;

namespace XenDriverDomain.Commands;

/// <summary>Disconnect-XenDom0: ends the connection to a host.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "XenDom0", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
public sealed class DisconnectXenDom0Command : Dom0Cmdlet
{
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
            }
        });
    }
}
