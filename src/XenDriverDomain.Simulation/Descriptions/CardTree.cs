using System.Globalization;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Descriptions;

/// <summary>
/// The cards of a description beside each other: nothing is there twice, what is behind a bridge fits there, and what nobody placed gets a
/// root port.
/// </summary>
internal static class CardTree
{
    // The first root port that is made; the others follow.
    private const int FirstPort = 0x1c;

    /// <summary>Checks the cards and gives each its place; bridges come before what is behind them.</summary>
    public static IReadOnlyList<DescribedCard> Of(IReadOnlyList<DescribedCard> cards, DescriptionTable table)
    {
        CheckUnique(cards);
        foreach (DescribedCard card in cards)
        {
            CheckParent(card, cards);
        }

        List<DescribedCard> all = WithPorts(cards, table);
        CheckBuses(all);
        CheckVirtualFunctions(all);
        return [.. all.OrderBy(card => Depth(card, all)).ThenBy(card => card.Address)];
    }

    private static void CheckUnique(IReadOnlyList<DescribedCard> cards)
    {
        HashSet<PciAddress> addresses = [];
        HashSet<string> interfaces = ["lo"], disks = [], macs = [];
        foreach (DescribedCard card in cards)
        {
            if (!addresses.Add(card.Address))
            {
                throw card.Table.Wrong("Address", "another card has it", "an address that no other card has");
            }

            if (card.Interface is { } name && !interfaces.Add(name))
            {
                throw card.Table.Wrong("Interface", $"another card's interface is called {name}", "a name that no other interface has");
            }

            string? mac = card.Function.Children.Select(child => child.Attributes.GetValueOrDefault("address"))
                .FirstOrDefault(address => address is not null);
            if (mac is not null && !macs.Add(mac))
            {
                throw card.Table.Wrong("Mac", $"another card has {mac}", "a MAC address that no other card has");
            }

            if (card.Disks.FirstOrDefault(disk => !disks.Add(disk.Name)) is { } twice)
            {
                throw card.Table.Wrong("Disks", $"{twice.Name} is there twice", "each name of a disk once");
            }
        }
    }

    private static void CheckParent(DescribedCard card, IReadOnlyList<DescribedCard> cards)
    {
        if (card.Function.Parent is not { } parent)
        {
            return;
        }

        const string Allowed = "the address of a card with Class = 'Bridge' or the model of a bridge";
        if (cards.FirstOrDefault(other => other.Address == parent) is not { } bridge)
        {
            throw card.Table.Wrong("Behind", "there is no such card", Allowed);
        }

        if (!bridge.Function.IsBridge)
        {
            throw card.Table.Wrong("Behind", $"{parent} is no bridge", Allowed);
        }

        if (card.Address.Domain != parent.Domain || card.Address.Bus <= parent.Bus)
        {
            throw card.Table.Wrong(
                "Behind", $"bus {card.Address.Bus:x2} cannot be behind a bridge on bus {parent.Bus:x2}: what is behind has a higher number",
                "a bridge on a bus with a lower number, in the same domain");
        }
    }

    private static List<DescribedCard> WithPorts(IReadOnlyList<DescribedCard> cards, DescriptionTable table)
    {
        List<DescribedCard> all = [.. cards];
        foreach (DescribedCard card in cards.Where(card => card.HasDefaultPlace && card.Address.Bus != 0).OrderBy(card => card.Address))
        {
            // What is on the same bus is behind the same bridge.
            DescribedCard? beside = all.FirstOrDefault(
                other => other != card && IsOnSameBus(other, card) && other.Function.Parent is not null);
            PciAddress bridge;
            if (beside is not null)
            {
                bridge = beside.Function.Parent!.Value;
            }
            else
            {
                bridge = FreePort(card, all)
                    ?? throw card.Table.Wrong("Behind", "there is no room for one more root port", "Behind or Root");
                all.Add(new DescribedCard(table, Port(bridge)));
            }

            all[all.IndexOf(card)] = card with { Function = card.Function with { Parent = bridge }, HasDefaultPlace = false };
        }

        return all;
    }

    private static PciAddress? FreePort(DescribedCard card, List<DescribedCard> all) =>
        Enumerable.Range(FirstPort << 3, 0x100 - (FirstPort << 3)).Concat(Enumerable.Range(8, (FirstPort << 3) - 8))
            .Select(slot => (PciAddress?)new PciAddress(card.Address.Domain, 0, slot >> 3, slot & 7))
            .FirstOrDefault(address => !all.Exists(other => other.Address == address));

    private static FunctionDescription Port(PciAddress address)
    {
        CardModel model = CardModel.All.First(model => model.Name == "RootPort");
        return new FunctionDescription(address)
        {
            ClassCode = model.ClassCode,
            VendorId = Convert.ToUInt16(model.Chip[..4], 16),
            DeviceId = Convert.ToUInt16(model.Chip[5..], 16),
            ResetMethods = model.Reset,
            Driver = model.Driver,
        };
    }

    private static void CheckBuses(IReadOnlyList<DescribedCard> cards)
    {
        foreach (DescribedCard card in cards)
        {
            if (cards.FirstOrDefault(other => IsOnSameBus(other, card) && other.Function.Parent != card.Function.Parent) is { } other)
            {
                throw card.Table.Wrong(
                    "Behind", $"{other.Address} is on the same bus and in another place", "the same bridge for all cards of a bus");
            }
        }

        // A bridge that leads to two buses would have to have another one below it.
        foreach (IGrouping<PciAddress?, DescribedCard> behind in cards.Where(card => card.Function.Parent is not null)
            .GroupBy(card => card.Function.Parent))
        {
            if (behind.Select(card => card.Address.Bus).Distinct().Skip(1).Any())
            {
                DescribedCard last = behind.Last();
                throw last.Table.Wrong(
                    "Behind",
                    string.Create(CultureInfo.InvariantCulture, $"{behind.Key} leads to bus {behind.First().Address.Bus:x2} already"),
                    "one bus behind each bridge");
            }
        }
    }

    private static void CheckVirtualFunctions(IReadOnlyList<DescribedCard> cards)
    {
        HashSet<int> taken = [.. cards.Select(card => RoutingId(card.Address))];
        foreach (DescribedCard card in cards)
        {
            if (card.Function.VirtualFunctions is not { } what)
            {
                continue;
            }

            for (int i = 0; i < what.AtBoot; i++)
            {
                int id = RoutingId(card.Address) + what.Offset + (i * what.Stride);
                if ((id & 0xffff) < what.Offset || !taken.Add(id))
                {
                    throw card.Table.Wrong(
                        "VirtualFunctions", $"number {i} would have the address of another function, or none",
                        "Offset and Stride that lead to free addresses");
                }
            }
        }
    }

    private static int RoutingId(PciAddress address) =>
        (address.Domain << 16) | (address.Bus << 8) | (address.Device << 3) | address.Function;

    private static bool IsOnSameBus(DescribedCard one, DescribedCard other) =>
        one.Address.Domain == other.Address.Domain && one.Address.Bus == other.Address.Bus;

    private static int Depth(DescribedCard card, IReadOnlyList<DescribedCard> all) =>
        card.Function.Parent is { } parent ? 1 + Depth(all.First(other => other.Address == parent), all) : 0;
}
