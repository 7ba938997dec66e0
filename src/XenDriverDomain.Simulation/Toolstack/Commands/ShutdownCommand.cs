using XenDriverDomain.Domains;
using XenDriverDomain.Simulation.Domains;

namespace XenDriverDomain.Simulation.Toolstack.Commands;

/// <summary><c>xl shutdown</c> and <c>xl reboot</c>.</summary>
/// <param name="isReboot">True for reboot.</param>
internal sealed class ShutdownCommand(bool isReboot) : IXlCommand
{
    /// <inheritdoc/>
    public string Name => isReboot ? "reboot" : "shutdown";

    /// <inheritdoc/>
    public string Usage => "[options] <-a|Domain>";

    /// <inheritdoc/>
    public string Description => isReboot ? "Issue a reboot signal to a domain" : "Issue a shutdown signal to a domain";

    /// <inheritdoc/>
    public async Task<int> RunAsync(XlProcess process, XlArguments arguments)
    {
        arguments.Parse(process, "awF", 0, ("all", 'a'), ("wait", 'w'));
        if (arguments.Rest.Count == 0 && !arguments.Has('a'))
        {
            process.Complain("You must specify -a or a domain id.\n");
            return 1;
        }

        Hypervisor hypervisor = process.World.Hypervisor;
        int[] domids = arguments.Has('a')
            ? [.. hypervisor.Domains.Select(d => d.Domid).Where(d => d != 0)]
            : [DomainArgument.Find(process, arguments.Rest[0])];
        foreach (int domid in domids)
        {
            Ask(process, domid, arguments.Has('F'));
        }

        if (arguments.Has('w'))
        {
            await WaitAsync(process, domids, untilDeath: arguments.Count('w') > 1).ConfigureAwait(false);
        }

        return 0;
    }

    private void Ask(XlProcess process, int domid, bool fallback)
    {
        process.Complain($"{(isReboot ? "Rebooting" : "Shutting down")} domain {domid}");
        string control = $"/local/domain/{domid}/control";
        if (process.World.Hypervisor.Find(domid) is not { } domain)
        {
            process.Complain($"{Name} failed (rc={LibxlError.Invalid})");
            throw new XlExit(1);
        }

        if (domain.Type == DomainType.PV || process.Store.TryRead($"{control}/feature-poweroff") == "1")
        {
            process.Store.Write($"{control}/shutdown", isReboot ? "reboot" : "poweroff");
        }
        else if (fallback)
        {
            process.Complain($"PV control interface not available: sending ACPI {(isReboot ? "reset" : "power")} button event.");
            domain.Kernel?.ShutDown(isReboot ? ShutdownReason.Reboot : ShutdownReason.Poweroff);
        }
        else
        {
            process.Complain($"PV control interface not available: external graceful {Name} not possible.");
            process.Complain($"Use \"-F\" to fallback to ACPI {(isReboot ? "reset" : "power")} event.");
            process.Complain($"{Name} failed (rc=-18)");
            throw new XlExit(1);
        }
    }

    private static async Task WaitAsync(XlProcess process, int[] domids, bool untilDeath)
    {
        process.Complain($"Waiting for {domids.Length} domains");
        foreach (int domid in domids)
        {
            SimulatedDomain? domain = process.World.Hypervisor.Find(domid);
            bool IsOver() => domain is null || domain.IsGone || (!untilDeath && domain.Shutdown is not null);
            while (!IsOver() && !await process.UntilAsync(["@releaseDomain", $"/local/domain/{domid}"], IsOver, Timings.MonitorReaction)
                .ConfigureAwait(false))
            {
                // A shutdown as such changes nothing in xenstore: looked at now and then.
            }

            process.Complain(domain is { IsGone: false, Shutdown: { } reason }
                ? $"Domain {domid} has been shut down, reason code {(int)reason}"
                : $"Domain {domid} has been destroyed");
        }
    }
}
