using XenDriverDomain.Assignment;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Tour.Steps;

/// <summary>A card is taken from dom0; another one is not.</summary>
internal static class Taking
{
    public static readonly PciAddress Card = PciAddress.Parse("03:00.0");
    private static readonly PciAddress s_vital = PciAddress.Parse("00:1f.6");

    public static IReadOnlyList<TourStep> Steps { get; } =
    [
        new("The card that dom0's own network hangs on is refused", ["Add-XenPciAssignable -Address 00:1f.6"], RefusedAsync),
        new("A card that dom0 can spare is taken", ["Get-XenPciDevice -Address 03:00.0 | Add-XenPciAssignable"], TakenAsync),
    ];

    private static Task RefusedAsync(Stage stage, CancellationToken cancellationToken) => stage.FailAsync(
        ErrorIds.PciDeviceVitalToDom0,
        () => stage.ChangeAsync(
            host => host.Assignments.PlanAddAsync(s_vital, new AddAssignableOptions(), cancellationToken),
            cancellationToken));

    private static async Task TakenAsync(Stage stage, CancellationToken cancellationToken)
    {
        PciDevice device = await stage.ChangeAsync(
            host => host.Assignments.PlanAddAsync(Card, new AddAssignableOptions(), cancellationToken),
            cancellationToken);
        Stage.Require(device.State == PciDeviceState.Assignable, $"the card is {device.State}");
        stage.Say($"Read back: {device.Address} is {device.State}, its driver is {device.Driver}, it was {device.OriginalDriver}.");
    }
}
