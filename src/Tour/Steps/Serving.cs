using XenDriverDomain.Backends;
using XenDriverDomain.Backends.Clients;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.DriverDomains.Probe;
using XenDriverDomain.Guests;
using XenDriverDomain.Lifecycle;

namespace XenDriverDomain.Tour.Steps;

/// <summary>The card's domain starts, serves a guest, and is started anew under it.</summary>
internal static class Serving
{
    public const string Name = "netdd";
    public static readonly DomainRef Guest = DomainRef.Parse("fe1");
    public static readonly DomainRef DriverDomain = DomainRef.Parse(Name);

    public static IReadOnlyList<TourStep> Steps { get; } =
    [
        new(
            "A driver domain is created around the card, its inside made of what dom0 has, and waited for until it really serves",
            ["New-XenDriverDomain -Name netdd -PciDevice 03:00.0 -Start"],
            CreatedAsync),
        new("A guest starts", ["Start-XenGuest -Path /root/client.cfg"], GuestStartsAsync),
        new(
            "The guest is connected to the driver domain, and its packets leave through the card",
            ["Connect-XenGuestVif -Guest fe1 -Backend netdd -PassThru", "Get-XenGuestVif -Guest fe1"],
            ConnectedAsync),
        new(
            "The driver domain is started anew, and its guest is connected again",
            ["Restart-XenDriverDomain -Name netdd -Force -Confirm:$false", "Get-XenDriverDomain -Name netdd"],
            RestartedAsync),
    ];

    private static async Task CreatedAsync(Stage stage, CancellationToken cancellationToken)
    {
        NewDriverDomainRequest request = new()
        {
            Name = Name,
            PciDevice = [Taking.Card],
            Start = new StartOptions(),
        };
        Tell(stage, await stage.ChangeAsync(
            host => host.DriverDomains.PlanNewAsync(request, cancellationToken), cancellationToken));
    }

    private static async Task GuestStartsAsync(Stage stage, CancellationToken cancellationToken)
    {
        Guest guest = await stage.ChangeAsync(
            host => host.Guests.PlanStartAsync("/root/client.cfg", new GuestStartOptions(), cancellationToken),
            cancellationToken);
        stage.Say($"Read back: {guest.Name} runs, domid {guest.Domid}.");
    }

    private static async Task ConnectedAsync(Stage stage, CancellationToken cancellationToken)
    {
        ConnectVifRequest request = new() { Guest = Guest, Backend = DriverDomain };
        GuestVif? vif = await stage.ChangeAsync(
            host => host.Vifs.PlanConnectAsync(request, cancellationToken), cancellationToken);
        await TellVifAsync(stage, vif, cancellationToken);
    }

    private static async Task RestartedAsync(Stage stage, CancellationToken cancellationToken)
    {
        Tell(stage, await stage.ChangeAsync(
            host => host.DriverDomains.PlanRestartAsync(
                DriverDomain, new StopOptions { Force = true }, new StartOptions(), cancellationToken),
            cancellationToken));
        IReadOnlyList<GuestVif> vifs = await stage.Host.Vifs.ListAsync(cancellationToken);
        await TellVifAsync(stage, vifs.FirstOrDefault(vif => vif.Guest == Guest.Name), cancellationToken);
    }

    private static void Tell(Stage stage, DriverDomain domain)
    {
        Stage.Require(domain.Readiness == ReadinessState.Serving, $"{domain.Name} is {domain.Readiness}");
        stage.Say($"Read back: {domain.Name} (domid {domain.Domid}) has {string.Join(", ", domain.PciDevice)} and is {domain.Readiness}.");
    }

    private static async Task TellVifAsync(Stage stage, GuestVif? vif, CancellationToken cancellationToken)
    {
        Stage.Require(vif is { Status: VifStatus.Connected }, $"the vif is {vif?.Status}");
        stage.Say(
            $"Read back: vif {vif!.Devid} of {vif.Guest}, front end {vif.FrontendState}, back end {vif.BackendState} in {vif.Backend} "
            + $"(domid {vif.BackendDomid}).");
        await Traffic.CountAsync(stage, cancellationToken);
    }
}
