using XenDriverDomain.Assignment;
using XenDriverDomain.Backends;
using XenDriverDomain.Backends.Connections;
using XenDriverDomain.Images;
using XenDriverDomain.Lifecycle;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Tour.Steps;

/// <summary>Everything goes back to where it was.</summary>
internal static class Ending
{
    public static IReadOnlyList<TourStep> Steps { get; } =
    [
        new(
            "The guest and the driver domain go",
            [
                "Disconnect-XenGuestVif -Guest fe1 -Backend netdd -Confirm:$false",
                "Stop-XenGuest -Name fe1 -Confirm:$false",
                "Stop-XenDriverDomain -Name netdd -Confirm:$false",
                "Remove-XenDriverDomain -Name netdd -Confirm:$false",
            ],
            DomainsGoAsync),
        new("The card goes back to dom0", ["Remove-XenPciAssignable -Address 03:00.0 -PassThru"], CardGoesBackAsync),
        new("The image goes", ["Get-XenDriverDomainImage | Remove-XenDriverDomainImage"], ImageGoesAsync),
    ];

    private static async Task DomainsGoAsync(Stage stage, CancellationToken cancellationToken)
    {
        foreach (GuestVif vif in await stage.Host.Vifs.ListAsync(cancellationToken))
        {
            await stage.ChangeAsync(
                host => host.Vifs.PlanDisconnectAsync(vif, new DisconnectVifOptions(), cancellationToken),
                cancellationToken);
        }

        await stage.ChangeAsync(
            host => host.Guests.PlanStopAsync(Serving.Guest, new StopOptions(), cancellationToken),
            cancellationToken);
        await stage.ChangeAsync(
            host => host.DriverDomains.PlanStopAsync(Serving.DriverDomain, new StopOptions(), cancellationToken),
            cancellationToken);
        await stage.ChangeAsync(
            host => host.DriverDomains.PlanRemoveAsync(Serving.Name, new StopOptions(), cancellationToken),
            cancellationToken);
        int left = (await stage.Host.DriverDomains.ListAsync(cancellationToken)).Count;
        Stage.Require(left == 0, $"{left} driver domains are left");
        stage.Say("Read back: no driver domain is left.");
    }

    private static async Task CardGoesBackAsync(Stage stage, CancellationToken cancellationToken)
    {
        PciDevice device = await stage.ChangeAsync(
            host => host.Assignments.PlanRemoveAsync(Taking.Card, new RemoveAssignableOptions(), cancellationToken),
            cancellationToken);
        Stage.Require(device.State == PciDeviceState.Host, $"the card is {device.State}");
        stage.Say($"Read back: {device.Address} is with {device.Driver}.");
    }

    private static async Task ImageGoesAsync(Stage stage, CancellationToken cancellationToken)
    {
        foreach (DriverDomainImage image in await stage.Host.Images.ListAsync(null, cancellationToken))
        {
            await stage.ChangeAsync(host => host.Images.PlanRemoveAsync(image.Directory, cancellationToken), cancellationToken);
        }

        int left = (await stage.Host.Images.ListAsync(null, cancellationToken)).Count;
        Stage.Require(left == 0, $"{left} images are left");
        stage.Say("Read back: no image is left.");
    }
}
