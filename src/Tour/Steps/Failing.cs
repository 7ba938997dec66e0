using XenDriverDomain.Assignment;
using XenDriverDomain.Errors;
using XenDriverDomain.Hosts;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation;
using XenDriverDomain.Simulation.Faults;

namespace XenDriverDomain.Tour.Steps;

/// <summary>A step fails in the middle, on a second host whose kernel refuses it; what was done before is undone.</summary>
internal static class Failing
{
    private const string Fault = "write:/sys/bus/pci/drivers/pciback/bind:1:EBUSY";
    private static readonly PciAddress s_usb = PciAddress.Parse("07:00.0");

    public static IReadOnlyList<TourStep> Steps { get; } =
    [
        new(
            "On another host the kernel refuses a step: what was done before it is undone",
            [
                $"$faulty = Connect-XenDom0 -Simulated -Fault '{Fault}'",
                "Add-XenPciAssignable -Address 07:00.0 -Dom0 $faulty",
                "Get-XenPciDevice -Address 07:00.0 -Dom0 $faulty",
            ],
            RolledBackAsync),
    ];

    private static async Task RolledBackAsync(Stage stage, CancellationToken cancellationToken)
    {
        await using SimulatedDom0 faulty = SimulatedDom0.Create(new SimulatedHostOptions { Faults = FaultPlan.Parse(Fault) });
        await using HostSession other = HostSession.Of(faulty.CreateDom0());
        PciDevice before = await other.Pci.GetAsync(s_usb, cancellationToken);
        await stage.FailAsync(
            ErrorIds.PciDriverBindFailed,
            () => stage.ChangeAsync(
                other,
                host => host.Assignments.PlanAddAsync(s_usb, new AddAssignableOptions(), cancellationToken),
                cancellationToken));
        PciDevice after = await other.Pci.GetAsync(s_usb, cancellationToken);
        Stage.Require(after.Driver == before.Driver, $"the driver is {after.Driver}, not {before.Driver}");
        stage.Say($"Read back: {after.Address} is with {after.Driver} again, as before.");
    }
}
