using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Domains;
using XenDriverDomain.Network;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Descriptions;

/// <summary>Reads <c>Guests</c>, and puts them into the order in which they can be started: who serves before whom he serves.</summary>
internal static class GuestReader
{
    /// <summary>The keys of a guest.</summary>
    public static readonly string[] Keys =
        ["Name", "Type", "DriverDomain", "State", "MemoryMB", "Vcpus", "Cards", "Vifs", "Bridge", "Broken"];

    /// <summary>dom0, as a vif names it.</summary>
    private const string Dom0 = "Domain-0";

    private static readonly string[] s_vifKeys = ["Backend", "Bridge", "Mac"];

    /// <summary>Reads all.</summary>
    /// <param name="tables">The guests.</param>
    /// <param name="cards">The machine's functions.</param>
    /// <param name="bridges">dom0's bridges.</param>
    /// <param name="hasIommu">Whether guests can have cards.</param>
    public static IReadOnlyList<GuestDescription> Read(
        IReadOnlyList<DescriptionTable> tables,
        IReadOnlyList<FunctionDescription> cards,
        IReadOnlyList<DescribedBridge> bridges,
        bool hasIommu)
    {
        List<GuestDescription> guests = [];
        foreach (DescriptionTable table in tables)
        {
            GuestDescription guest = Read(table, cards, hasIommu);
            if (guests.Exists(other => other.Name == guest.Name))
            {
                throw table.Wrong("Name", "another guest has it", "a name that no other guest has");
            }

            for (int i = 0; i < guest.Cards.Count; i++)
            {
                if (guest.HasRun && guests.Find(other => other.HasRun && other.Cards.Contains(guest.Cards[i])) is { } owner)
                {
                    throw table.Wrong("Cards", i, guest.Cards[i].ToString(), $"{owner.Name} has it", "a card that no other guest has");
                }
            }

            guests.Add(guest);
        }

        Dictionary<string, DescriptionTable> byName = guests.Zip(tables).ToDictionary(pair => pair.First.Name, pair => pair.Second);
        HashSet<MacAddress> macs = [];
        for (int i = 0; i < guests.Count; i++)
        {
            guests[i] = guests[i] with { Vifs = Vifs(tables[i], guests[i], guests, bridges, macs) };
        }

        return Ordered(guests, byName);
    }

    private static GuestDescription Read(DescriptionTable table, IReadOnlyList<FunctionDescription> cards, bool hasIommu)
    {
        string name = table.Required("Name", "the name of a guest");
        if (DomainName.WhyNot(name) is { } why || name == Dom0)
        {
            throw table.Wrong(
                "Name", DomainName.WhyNot(name) ?? "it is dom0's", "letters, digits and - _ . + : @, beginning with a letter");
        }

        IReadOnlyList<string> texts = table.Texts("Cards");
        PciAddress[] addresses = [.. texts.Select(text => CardReader.Address(table, "Cards", text))];
        bool isDriverDomain = table.Flag("DriverDomain", addresses.Length > 0);
        DomainType type = table.Choice("Type", DomainType.PV);
        for (int i = 0; i < addresses.Length; i++)
        {
            CheckCard(table, i, addresses, cards);
        }

        if (addresses.Length > 0 && (!hasIommu || type == DomainType.PVH))
        {
            throw table.Wrong(
                "Cards",
                hasIommu ? "a PVH guest can have no cards" : "without an IOMMU no guest can have a card",
                hasIommu ? "Type PV or HVM" : "Iommu = $true, or no cards");
        }

        IReadOnlyList<GuestPart> broken = table.Choices<GuestPart>("Broken");
        if (!isDriverDomain && broken.Any(part => part != GuestPart.Shutdown))
        {
            throw table.Wrong("Broken", "only a driver domain has a devd, a netback, a bridge and a hotplug script", "Shutdown");
        }

        string bridge = table.Text("Bridge") ?? "xenbr0";
        return InterfaceName.WhyNot(bridge) is { } whyNot
            ? throw table.Wrong("Bridge", whyNot, "the name of a network interface, at most 15 characters")
            : table.Has("Bridge") && !isDriverDomain
            ? throw table.Wrong("Bridge", "only a driver domain has a bridge inside", "DriverDomain = $true beside it, or Vifs")
            : new GuestDescription(name)
            {
                Type = type,
                IsDriverDomain = isDriverDomain,
                State = table.Choice("State", GuestState.Running),
                MemoryMB = table.Number("MemoryMB", 32, 1_000_000) ?? 256,
                Vcpus = table.Number("Vcpus", 1, 128) ?? 1,
                Cards = addresses,
                Bridge = bridge,
                Broken = broken,
            };
    }

    private static void CheckCard(
        DescriptionTable table, int index, PciAddress[] addresses, IReadOnlyList<FunctionDescription> cards)
    {
        PciAddress address = addresses[index];
        const string Allowed = "the address of a card that is no bridge";
        string? why = addresses.Take(index).Contains(address) ? "it is there twice"
            : cards.FirstOrDefault(card => card.Address == address) is { } card ? card.ClassCode >> 16 == 0x06 ? "it is a bridge" : null
            : IsVirtualFunction(address, cards) ? null
            : "there is no such card";
        if (why is not null)
        {
            throw table.Wrong("Cards", index, address.ToString(), why, Allowed);
        }
    }

    private static bool IsVirtualFunction(PciAddress address, IReadOnlyList<FunctionDescription> cards) => cards.Any(
        card => card.VirtualFunctions is { } what && card.Address.Domain == address.Domain
            && Enumerable.Range(0, what.AtBoot).Any(i => Id(card.Address) + what.Offset + (i * what.Stride) == Id(address)));

    private static int Id(PciAddress address) => (address.Bus << 8) | (address.Device << 3) | address.Function;

    private static IReadOnlyList<VifSpec> Vifs(
        DescriptionTable table,
        GuestDescription guest,
        List<GuestDescription> guests,
        IReadOnlyList<DescribedBridge> bridges,
        HashSet<MacAddress> macs) =>
    [
        .. table.Tables("Vifs", s_vifKeys).Select(vif =>
        {
            string backend = vif.Text("Backend") ?? Dom0;
            string bridge = vif.Text("Bridge") ?? "xenbr0";
            bool isDom0s = backend.Equals(Dom0, StringComparison.OrdinalIgnoreCase) || backend == "0";
            GuestDescription? server = guests.Find(other => other.Name == backend);
            if (guest.IsDriverDomain)
            {
                throw table.Wrong("Vifs", "a simulated driver domain uses no network itself", "Vifs of guests that are no driver domains");
            }

            if (!isDom0s && server is not { IsDriverDomain: true, HasRun: true })
            {
                throw vif.Wrong(
                    "Backend",
                    server is null ? "there is no such guest" : "it is no driver domain that has run",
                    $"{Dom0}, or the Name of a guest with DriverDomain = $true that is not only configured");
            }

            if (InterfaceName.WhyNot(bridge) is { } why)
            {
                throw vif.Wrong("Bridge", why, "the name of a network interface, at most 15 characters");
            }

            if (isDom0s && !bridges.Any(one => one.Name == bridge))
            {
                throw vif.Wrong("Bridge", $"dom0 has no bridge {bridge}", NetworkReader.Names(bridges));
            }

            MacAddress? mac = null;
            if (vif.Text("Mac") is { } text)
            {
                mac = MacAddress.TryParse(text, out MacAddress known)
                    ? known
                    : throw vif.Wrong("Mac", "it is no MAC address", "six pairs of hexadecimal digits, such as '00:16:3e:00:00:01'");
                if (!macs.Add(known))
                {
                    throw vif.Wrong("Mac", "another vif has it", "a MAC address that no other vif has");
                }
            }

            return new VifSpec { Backend = isDom0s ? null : DomainRef.Parse(backend), Bridge = bridge, Mac = mac };
        }),
    ];

    // Only driver domains serve, and they have no vifs: so they come first, and nothing can go in a circle.
    private static IReadOnlyList<GuestDescription> Ordered(
        List<GuestDescription> guests, Dictionary<string, DescriptionTable> tables)
    {
        foreach (GuestDescription guest in guests.Where(
            guest => guest.State == GuestState.Crashed && guest.Broken.Contains(GuestPart.Netback)))
        {
            // It would have served nobody before it crashed either.
            if (guests.Exists(other => other.Vifs.Any(vif => vif.Backend?.Name == guest.Name)))
            {
                throw tables[guest.Name].Wrong("Broken", "a guest has a vif to it, which a netback must have taken before", "no Netback");
            }
        }

        return [.. guests.OrderBy(guest => guest.IsDriverDomain ? 0 : 1)];
    }
}
