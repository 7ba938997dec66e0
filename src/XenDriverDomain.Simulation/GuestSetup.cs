using XenDriverDomain.Access;
using XenDriverDomain.ConfigFiles;
using XenDriverDomain.Configuration;
using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Domains;
using XenDriverDomain.Simulation.Errors;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation;

/// <summary>
/// Brings a host that has booted to the guests that its description says it has: with their files and with xl, as an administrator does.
/// So what xenstore and sysfs say afterwards came about as on any host.
/// </summary>
internal static class GuestSetup
{
    // A guest boots in less than three seconds, and its devices need one more.
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(6);

    /// <summary>Does so; who serves comes before whom he serves.</summary>
    /// <exception cref="XenDriverDomainException">MachineSetupFailed: xl refuses.</exception>
    public static async Task RunAsync(SimulatedDom0 host, IReadOnlyList<GuestDescription> guests, IReadOnlyList<PciAddress> assignable)
    {
        foreach (GuestDescription guest in guests)
        {
            host.Machine.Files.Put(PathOf(guest), Configuration(guest, guests).ToXlConfig().Text);
        }

        GuestDescription[] run = [.. guests.Where(guest => guest.HasRun)];
        foreach (PciAddress address in run.SelectMany(guest => guest.Cards).Concat(assignable).Distinct())
        {
            if (host.Machine.Find(address)?.Driver != PcibackPaths.DriverName)
            {
                await XlAsync(host, $"The card {address}", "pci-assignable-add", address.ToString()).ConfigureAwait(false);
            }
        }

        foreach (bool serves in (bool[])[true, false])
        {
            GuestDescription[] these = [.. run.Where(guest => guest.IsDriverDomain == serves)];
            foreach (GuestDescription guest in these)
            {
                await XlAsync(host, $"The guest '{guest.Name}'", "create", "-q", PathOf(guest)).ConfigureAwait(false);
            }

            if (these.Length > 0)
            {
                await Task.Delay(s_settling, host.Time).ConfigureAwait(false);
            }
        }

        await BreakAsync(host, run, guests).ConfigureAwait(false);
    }

    /// <summary>Where a guest's file is.</summary>
    public static string PathOf(GuestDescription guest) =>
        guest.IsDriverDomain ? DriverDomainFiles.PathOf(guest.Name) : $"/etc/xen/{guest.Name}.cfg";

    // Only when all serve and are served: what is wrong then came later.
    private static async Task BreakAsync(SimulatedDom0 host, IReadOnlyList<GuestDescription> run, IReadOnlyList<GuestDescription> all)
    {
        foreach (GuestDescription guest in run)
        {
            string what = $"The guest '{guest.Name}'";
            foreach (VifSpec vif in guest.Vifs.Where(vif => !IsTaken(vif, all)))
            {
                // Nobody takes it: xl gives up, and leaves it as it is.
                await host.RunAsync("xl", ["network-attach", guest.Name, .. vif.ToArguments()]).ConfigureAwait(false);
            }

            switch (guest.State)
            {
                case GuestState.Paused:
                    await XlAsync(host, what, "pause", guest.Name).ConfigureAwait(false);
                    break;
                case GuestState.Crashed:
                    Crash(host, guest.Name);
                    break;
                case GuestState.ShutDown:
                    host.Time.RunAsEvent(() =>
                    {
                        Find(host.World, guest.Name)?.Kernel?.ShutDown(ShutdownReason.Poweroff);
                        return guest;
                    });
                    break;
                case GuestState.Destroyed:
                    await XlAsync(host, what, "destroy", guest.Name).ConfigureAwait(false);
                    break;
            }
        }

        if (run.Any(guest => guest.State != GuestState.Running))
        {
            await Task.Delay(s_settling, host.Time).ConfigureAwait(false);
        }
    }

    /// <summary>The domain with a name or a number; null when there is none.</summary>
    internal static SimulatedDomain? Find(World world, string domain) => world.Hypervisor.Domains.FirstOrDefault(
        one => $"{one.Domid}" == domain || world.StoreOf(0).TryRead($"/local/domain/{one.Domid}/name") == domain);

    private static void Crash(SimulatedDom0 host, string name) => host.Time.RunAsEvent(() =>
    {
        if (Find(host.World, name) is { } domain)
        {
            host.World.Hypervisor.ShutDown(domain, ShutdownReason.Crash);
        }

        return name;
    });

    private static bool IsTaken(VifSpec vif, IReadOnlyList<GuestDescription> guests) =>
        guests.FirstOrDefault(guest => guest.Name == vif.Backend?.Name)?.Broken.Contains(GuestPart.Netback) != true;

    private static DomainConfiguration Configuration(GuestDescription guest, IReadOnlyList<GuestDescription> guests) => new()
    {
        Name = guest.Name,
        Type = guest.Type,
        MemoryMB = guest.MemoryMB,
        Vcpus = guest.Vcpus,
        Kernel = "/root/vmlinuz",
        Ramdisk = "/root/guest.gz",
        ExtraArguments = string.Join(' ', Words(guest)),
        IsDriverDomain = guest.IsDriverDomain,
        PciDevices = [.. guest.Cards.Select(card => new PciSpec { Address = card })],
        Vifs = [.. guest.Vifs.Where(vif => IsTaken(vif, guests))],
        OnCrash = guest.State == GuestState.Crashed ? DomainAction.Preserve : null,
        OnPoweroff = guest.State == GuestState.ShutDown ? DomainAction.Preserve : null,
        Bridge = guest.IsDriverDomain ? guest.Bridge : null,
    };

    private static IEnumerable<string> Words(GuestDescription guest)
    {
        yield return "console=hvc0";
        yield return guest.IsDriverDomain ? "role=dd" : "role=client";
        if (guest.IsDriverDomain)
        {
            yield return guest.Broken.Contains(GuestPart.Bridge) ? "bridge=elsewhere0" : $"bridge={guest.Bridge}";
        }

        foreach (GuestPart part in guest.Broken.Where(part => part != GuestPart.Bridge))
        {
            yield return $"{part.ToString().ToLowerInvariant()}=0";
        }
    }

    private static async Task XlAsync(SimulatedDom0 host, string what, params string[] arguments)
    {
        CommandResult result = await host.RunAsync("xl", arguments).ConfigureAwait(false);
        if (result.ExitCode != 0)
        {
            throw new XenDriverDomainException(
                SimulationErrorIds.MachineSetupFailed,
                ErrorKind.InvalidState,
                $"{what} of the machine's description could not be brought into its state: xl {string.Join(' ', arguments)} ended with "
                + $"{result.ExitCode}. {Terminal.Text.Show(result.StandardError.Trim())}",
                "Change the description, or the faults that the host was connected with, so that xl can do it.",
                what);
        }
    }
}
