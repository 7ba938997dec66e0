using System.Globalization;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Domains;
using XenDriverDomain.Simulation.Errors;
using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Hosts;
using XenDriverDomain.Simulation.Machine;
using XenDriverDomain.Simulation.Toolstack.Libxl;

namespace XenDriverDomain.Simulation;

/// <summary>What befalls a host while somebody works on it, and what nobody does with xl: for tests, and for the curious.</summary>
public sealed partial class SimulatedDom0
{
    private static readonly TimeSpan s_longestAdvance = TimeSpan.FromDays(30);

    // Cards that were taken out, with all that was behind them, and cables.
    private readonly HashSet<PciAddress> _pulledOut = [];
    private readonly HashSet<PciAddress> _unlinked = [];

    /// <summary>What goes wrong now, one text a fault, as <see cref="AddFault"/> takes it.</summary>
    public IReadOnlyList<string> Faults => [.. _faults.Plan.Faults.Select(fault => fault.ToString())];

    /// <summary>
    /// A domain's kernel crashes. What then becomes of the domain its configuration says (on_crash): by default it is destroyed a moment
    /// later, and whom it served is orphaned.
    /// </summary>
    /// <param name="domain">Its name or number.</param>
    /// <exception cref="XenDriverDomainException">SimulatedEventImpossible: there is no such domain, or it does not run.</exception>
    public void Crash(string domain)
    {
        ArgumentException.ThrowIfNullOrEmpty(domain);
        Happen(() =>
        {
            SimulatedDomain found = GuestSetup.Find(World, domain) ?? throw Impossible(
                domain, "no domain of that name or number is there", "Run('xl list') shows those that are.", ErrorKind.NotFound);
            if (found.Domid == 0)
            {
                throw Impossible(domain, "dom0 takes all others with it when it crashes", "Use Reboot(), which is what follows.");
            }

            if (found.IsPaused || found.Shutdown is not null)
            {
                throw Impossible(
                    domain,
                    found.IsPaused ? "the domain is paused, and what does not run cannot crash" : "the domain has stopped already",
                    found.IsPaused ? "Unpause it first: Run('xl unpause NAME')." : "Start it again first.");
            }

            World.Hypervisor.ShutDown(found, ShutdownReason.Crash);
        });
    }

    /// <summary>
    /// A card is pulled out of the machine as it runs, with all that is behind it: it is gone from sysfs, whoever has it, and no rescan
    /// finds it. xl's records of it stay, as they do on a real host.
    /// </summary>
    /// <param name="address">The PCI function.</param>
    /// <exception cref="XenDriverDomainException">SimulatedEventImpossible: there is none, or it cannot be pulled out.</exception>
    public void Unplug(string address)
    {
        SimulatedFunction function = Function(address);
        if (function.Description.PhysicalFunction is { } physical)
        {
            throw Impossible(address, $"it is a virtual function of {physical}", $"Pull out {physical}.");
        }

        if (function.Description.ClassCode >> 8 == 0x0600)
        {
            throw Impossible(address, "the host bridge is the machine itself", "Name the function of a card.");
        }

        Happen(() =>
        {
            foreach (SimulatedFunction gone in Machine.PullOut(function.Address))
            {
                if (gone.Domid is { } domid && World.Hypervisor.Find(domid) is { } owner)
                {
                    owner.Functions.Remove(gone.Address);
                    owner.Kernel?.SetUplink();
                }
            }

            _pulledOut.Add(function.Address);
            World.TellLinksChanged();
        });
    }

    /// <summary>A card that was pulled out is put back: dom0's kernel finds it, and offers it to its drivers.</summary>
    /// <param name="address">What <see cref="Unplug"/> was told.</param>
    /// <exception cref="XenDriverDomainException">SimulatedEventImpossible: nothing was pulled out there.</exception>
    public void Plug(string address)
    {
        PciAddress where = Address(address);
        Happen(() =>
        {
            if (!_pulledOut.Contains(where))
            {
                throw Impossible(
                    address,
                    "nothing was pulled out there",
                    _pulledOut.Count == 0 ? "Unplug a card first." : $"Pulled out are {string.Join(", ", _pulledOut.Order())}.");
            }

            FunctionDescription card = Machine.Host.Functions.First(one => one.Address == where);
            if (card.Parent is { } bridge && Machine.Find(bridge) is null)
            {
                throw Impossible(address, $"{bridge}, behind which it is, is not there", $"Put {bridge} back first.");
            }

            _pulledOut.Remove(where);
            Machine.PutIn([.. Behind(card).Where(one => Machine.Find(one.Address) is null)]);
            World.TellLinksChanged();
        });
    }

    /// <summary>The cable of a network card is taken out: no packet leaves by it, whoever has the card.</summary>
    /// <param name="address">The network card.</param>
    /// <exception cref="XenDriverDomainException">SimulatedEventImpossible: there is no such network card, or its cable is out.</exception>
    public void LinkDown(string address) => SetLink(address, isIn: false);

    /// <summary>The cable of a network card is put in again.</summary>
    /// <param name="address">The network card.</param>
    /// <exception cref="XenDriverDomainException">SimulatedEventImpossible: there is no such network card, or its cable is in.</exception>
    public void LinkUp(string address) => SetLink(address, isIn: true);

    /// <summary>
    /// The host boots anew: all domains end, xenstore begins empty, and dom0's kernel takes what its drivers, or pciback with hide=, take
    /// at a boot. Files stay, but for those below /run and /tmp; cards and cables are where they are; no guest starts by itself. The
    /// connection goes on, as one that was made again does. A dom0 whose kernel crashed is there again.
    /// </summary>
    public void Reboot()
    {
        _programs.EndAll();
        Happen(() =>
        {
            foreach (SimulatedDomain domain in World.Hypervisor.Domains.ToArray())
            {
                domain.Kernel?.Stop();
            }

            Time.DropEvents();
            _lock.Free();
            Machine.Files.BootAnew();
            Store.Restart();
            _host = NextBoot.Of(_host, Machine.Files);
            Machine = Build(Machine.Files);
            foreach (PciAddress address in _pulledOut)
            {
                Machine.PullOut(address);
            }

            foreach (PciAddress address in _unlinked)
            {
                Machine.SetLink(address, isIn: false);
            }

            World = Boot(null);
            Install();
        });
        Pass(Timings.HostBoot);
    }

    /// <summary>
    /// One thing more goes wrong from now on; its counting begins now. no-iommu and no-pciback are what a machine boots with: they hold
    /// from the next <see cref="Reboot"/> on.
    /// </summary>
    /// <param name="fault">The fault, as Connect-XenDom0 -Fault takes it.</param>
    /// <exception cref="XenDriverDomainException">SimulationFaultMalformed.</exception>
    public void AddFault(string fault)
    {
        Fault added = FaultPlan.Parse(fault).Faults[0];
        Happen(() =>
        {
            _faults.Add(added);
            if (added is StaleRecordFault stale)
            {
                World.StoreOf(0).Write(RecordOf(stale), stale.Domid);
            }
        });
    }

    /// <summary>A thing goes wrong no longer.</summary>
    /// <param name="fault">The fault, as it was given.</param>
    /// <exception cref="XenDriverDomainException">SimulationFaultMalformed, or SimulatedEventImpossible: it did not go wrong.</exception>
    public void RemoveFault(string fault)
    {
        Fault removed = FaultPlan.Parse(fault).Faults[0];
        Happen(() =>
        {
            if (!_faults.Remove(removed))
            {
                throw Impossible(
                    fault,
                    "the host has no such fault",
                    Faults.Count == 0 ? "It has none." : $"It has {Terminal.Text.Show(string.Join("; ", Faults))}.",
                    ErrorKind.NotFound);
            }

            if (removed is StaleRecordFault stale)
            {
                World.StoreOf(0).Remove(RecordOf(stale));
            }
        });
    }

    /// <summary>
    /// Lets time pass on the simulated clock, with all that happens in it. That is done as soon as it can be, also where the clock runs
    /// with the wall clock otherwise.
    /// </summary>
    /// <param name="seconds">How much.</param>
    /// <exception cref="XenDriverDomainException">SimulatedEventImpossible: time does not go back, or so far.</exception>
    public void Advance(double seconds)
    {
        if (!(seconds > 0 && seconds <= s_longestAdvance.TotalSeconds))
        {
            throw Impossible(
                seconds.ToString(CultureInfo.InvariantCulture),
                "it is no time that can pass",
                string.Create(CultureInfo.InvariantCulture, $"Give seconds, more than 0 and at most {s_longestAdvance.TotalSeconds}."));
        }

        Pass(TimeSpan.FromSeconds(seconds));
    }

    private static string RecordOf(StaleRecordFault stale) => $"{AssignablePci.RecordOf(stale.Address)}/domid";

    private void Pass(TimeSpan time)
    {
        bool wasReal = Time.IsReal;
        Time.IsReal = false;
        try
        {
            Time.Block(async () =>
            {
                await Task.Delay(time, Time).ConfigureAwait(false);
                return time;
            });
        }
        finally
        {
            Time.IsReal = wasReal;
        }
    }

    private void SetLink(string address, bool isIn)
    {
        SimulatedFunction function = Function(address);
        if (function.Description.ClassCode >> 16 != 0x02)
        {
            throw Impossible(address, "it is no network card", "Name one: Get-XenPciDevice -Class Network shows them.");
        }

        if (function.Description.PhysicalFunction is { } physical)
        {
            throw Impossible(address, $"it is a virtual function of {physical}, which has the cable", $"Name {physical}.");
        }

        Happen(() =>
        {
            if (!(isIn ? _unlinked.Remove(function.Address) : _unlinked.Add(function.Address)))
            {
                string state = isIn ? "in" : "out", other = isIn ? "LinkDown" : "LinkUp";
                throw Impossible(address, $"its cable is {state}", $"Use {other} first.");
            }

            Machine.SetLink(function.Address, isIn);
            foreach (SimulatedDomain domain in World.Hypervisor.Domains)
            {
                domain.Kernel?.SetUplink();
            }

            World.TellLinksChanged();
        });
    }

    private IEnumerable<FunctionDescription> Behind(FunctionDescription card) => Machine.Host.Functions
        .Where(one => one.Parent == card.Address && !_pulledOut.Contains(one.Address)).SelectMany(Behind).Prepend(card);

    private SimulatedFunction Function(string address)
    {
        PciAddress parsed = Address(address);
        return Machine.Find(parsed) ?? throw Impossible(
            address,
            _pulledOut.Contains(parsed) ? "it was pulled out" : "the machine has no such function",
            "Get-XenPciDevice shows those that are there.",
            ErrorKind.NotFound);
    }

    private static PciAddress Address(string address)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        return PciAddress.TryParse(address, out PciAddress parsed)
            ? parsed
            : throw Impossible(address, "it is no PCI address", "Write [DDDD:]BB:DD.F in hexadecimal, such as 03:00.0.");
    }

    // Within the order of all events, and with the clock knowing of who asks.
    private void Happen(Action what) => Time.Block(() =>
    {
        Time.RunAsEvent(() =>
        {
            what();
            return true;
        });
        return Task.FromResult(true);
    });

    private static XenDriverDomainException Impossible(
        string what, string why, string remedy, ErrorKind kind = ErrorKind.InvalidArgument) => new(
        SimulationErrorIds.SimulatedEventImpossible,
        kind,
        $"That cannot happen to '{Terminal.Text.Show(what)}' on the simulated host: {why}.",
        remedy,
        what);
}
