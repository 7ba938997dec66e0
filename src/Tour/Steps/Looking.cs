using XenDriverDomain.Pci;

namespace XenDriverDomain.Tour.Steps;

/// <summary>What there is on the host.</summary>
internal static class Looking
{
    public static IReadOnlyList<TourStep> Steps { get; } =
    [
        new("Which network cards are there, and what does dom0 use them for?", ["Get-XenPciDevice -Class Network"], CardsAsync),
    ];

    private static async Task CardsAsync(Stage stage, CancellationToken cancellationToken)
    {
        IReadOnlyList<PciDevice> devices = await stage.Host.Pci.ListAsync(cancellationToken);
        stage.Show(
        [
            ["Address", "Device", "Driver", "State", "UsedBy"],
            .. devices.Where(device => device.ClassCode >> 16 == 0x02).Select(device => (string[])
            [
                device.Address.ToString(),
                device.DeviceName,
                device.Driver ?? string.Empty,
                device.State.ToString(),
                string.Join(", ", device.UsedBy),
            ]),
        ]);
    }
}
