using XenDriverDomain.Configuration;
using XenDriverDomain.Domains;
using XenDriverDomain.Simulation.Domains;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Toolstack.Libxl;

/// <summary>Puts a host that has just booted into a state in which it is to go on.</summary>
internal static class Resumption
{
    /// <summary>Does so. No kernel has looked at xenstore before.</summary>
    public static void Resume(World world, HostState state)
    {
        foreach (StoredNode node in state.XenStore)
        {
            world.Store.WriteBytes(0, node.Path, node.Value.Span);
            world.Store.SetPermissions(0, node.Path, node.Permissions);
        }

        DomainStore store = world.StoreOf(0);
        int last = store.Numbers("/local/domain").Concat(store.Numbers("/libxl")).Concat(state.Domains.Select(d => d.Domid))
            .DefaultIfEmpty(0).Max();
        foreach (RunningDomain running in state.Domains)
        {
            Resume(world, running, last);
        }

        world.Dom0.Netback?.Adopt();
        world.TellLinksChanged();
    }

    private static void Resume(World world, RunningDomain running, int lastDomid)
    {
        SimulatedDomain domain = world.Hypervisor.Resume(running, lastDomid);
        DomainConfiguration configuration = running.Configuration;
        string data = $"/local/domain/{running.Domid}/data";
        if (world.StoreOf(0).TryRead(data) is null)
        {
            world.StoreOf(0).Make(data, running.Domid);
        }

        world.Store.Introduce(running.Domid);
        KernelWords words = KernelWords.Parse(DomainTree.CommandLine(configuration), running.IsDriverDomain);
        domain.Kernel = new GuestKernel(world, domain, configuration.Bridge is { } bridge ? words with { Bridge = bridge } : words);
        domain.Kernel.Resume();
        world.Configurations[running.Domid] = configuration;
        DomainMonitor.Start(world, domain, configuration);
        switch (running.State)
        {
            case DomainState.Paused:
                domain.Pause();
                break;
            case DomainState.Shutdown or DomainState.Crashed or DomainState.Dying:
                domain.Unpause();
                domain.Shutdown = running.State == DomainState.Crashed ? ShutdownReason.Crash : ShutdownReason.Poweroff;
                domain.Kernel.Stop();
                break;
            default:
                domain.Unpause();
                break;
        }
    }
}
