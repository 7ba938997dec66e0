using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Descriptions;

/// <summary>The drivers of dom0's kernel: those that the cards of a description name.</summary>
internal static class DescribedDrivers
{
    /// <summary>All of them, those that take only what they are told to among them.</summary>
    public static IEnumerable<DriverDescription> Of(IReadOnlyList<DescribedCard> cards)
    {
        IEnumerable<(string Driver, string Alias)> named = cards.Where(card => card.Function.Driver is not null).Select(
            card => (card.Function.Driver!, BuiltIn.Chip(card.Function.VendorId, card.Function.DeviceId)));
        IEnumerable<(string Driver, string Alias)> ofVirtual = cards.Where(card => card.Function.VirtualFunctions is not null).Select(
            card => (card.Function.VirtualFunctions!.Driver,
                BuiltIn.Chip(card.Function.VendorId, card.Function.VirtualFunctions.DeviceId)));
        IEnumerable<DriverDescription> drivers = named.Concat(ofVirtual)
            .Where(one => !BuiltIn.Stubs.Any(stub => stub.Name == one.Driver))
            .GroupBy(one => one.Driver, one => one.Alias, StringComparer.Ordinal)
            .Select(group => new DriverDescription(group.Key, Module(group.Key), true, [.. group.Distinct()]));
        return drivers.Concat(BuiltIn.Stubs);
    }

    private static string? Module(string driver) => CardModel.OtherModules.TryGetValue(driver, out string? module) ? module : driver;
}
