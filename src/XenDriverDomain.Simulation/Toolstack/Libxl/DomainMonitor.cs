using XenDriverDomain.Configuration;
using XenDriverDomain.Simulation.Domains;

namespace XenDriverDomain.Simulation.Toolstack.Libxl;

/// <summary>
/// The daemon that <c>xl create</c> leaves behind: when its domain stops by itself it does what the configuration says
/// (xl_vmcontrol.c, handle_domain_death).
/// </summary>
internal sealed class DomainMonitor
{
    private readonly World _world;
    private readonly DomainConfiguration _configuration;
    private readonly SimulatedDomain _domain;

    private DomainMonitor(World world, SimulatedDomain domain, DomainConfiguration configuration)
    {
        _world = world;
        _domain = domain;
        _configuration = configuration;
    }

    /// <summary>Begins to watch over a domain.</summary>
    public static void Start(World world, SimulatedDomain domain, DomainConfiguration configuration)
    {
        DomainMonitor monitor = new(world, domain, configuration);
        world.Hypervisor.HasShutDown += monitor.OnShutDown;
        world.Hypervisor.HasGone += monitor.OnGone;
    }

    private void OnShutDown(SimulatedDomain domain)
    {
        if (domain == _domain)
        {
            _world.Time.Schedule(Timings.MonitorReaction, () => _world.Detach(HandleAsync(domain)));
        }
    }

    private void OnGone(SimulatedDomain domain)
    {
        if (domain == _domain)
        {
            _world.Hypervisor.HasShutDown -= OnShutDown;
            _world.Hypervisor.HasGone -= OnGone;
        }
    }

    private async Task HandleAsync(SimulatedDomain domain)
    {
        XlProcess daemon = new(_world, null, CancellationToken.None);
        DomainAction action = domain.Shutdown switch
        {
            ShutdownReason.Poweroff => _configuration.OnPoweroff ?? DomainAction.Destroy,
            ShutdownReason.Reboot => _configuration.OnReboot ?? DomainAction.Restart,
            ShutdownReason.Crash => _configuration.OnCrash ?? DomainAction.Destroy,
            _ => DomainAction.Preserve,
        };
        if (domain.IsGone || action is not (DomainAction.Destroy or DomainAction.Restart))
        {
            return;
        }

        await DomainDestruction.RunAsync(daemon, domain.Domid).ConfigureAwait(false);
        if (action == DomainAction.Restart)
        {
            await daemon.PauseAsync(Timings.BeforeRestart).ConfigureAwait(false);
            (SimulatedDomain? next, _) = await DomainCreation.RunAsync(daemon, _configuration).ConfigureAwait(false);
            if (next is not null)
            {
                Start(_world, next, _configuration);
                next.Unpause();
            }
        }
    }
}
