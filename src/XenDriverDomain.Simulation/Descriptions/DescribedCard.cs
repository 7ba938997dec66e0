using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Descriptions;

/// <summary>A card of a description, once it is read by itself: before it is known what is beside it.</summary>
/// <param name="Table">Where it stands, for errors.</param>
/// <param name="Function">What is known of it.</param>
internal sealed record DescribedCard(DescriptionTable Table, FunctionDescription Function)
{
    /// <summary>True when nobody said behind which bridge it is.</summary>
    public bool HasDefaultPlace { get; init; }

    /// <summary>The network interface that its driver makes; null for none.</summary>
    public string? Interface { get; init; }

    /// <summary>dom0's bridge that the interface is in; null for none.</summary>
    public string? Bridge { get; init; }

    /// <summary>dom0's addresses on the interface, with their prefix lengths.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>dom0's default gateway behind the interface; null for none.</summary>
    public string? Gateway { get; init; }

    /// <summary>Its disks.</summary>
    public IReadOnlyList<DescribedDisk> Disks { get; init; } = [];

    /// <summary>True when pciback has it from the start.</summary>
    public bool IsAssignable { get; init; }

    /// <summary>Its address.</summary>
    public PciAddress Address => Function.Address;
}

/// <summary>A disk of a description.</summary>
/// <param name="Name">The kernel's name: <c>sda</c>, <c>nvme0n1</c>.</param>
/// <param name="SizeGB">Its size.</param>
/// <param name="Mounts">Where dom0 has partitions of it mounted, a partition each.</param>
/// <param name="HasSwap">True when dom0 swaps on it, on a partition more.</param>
internal sealed record DescribedDisk(string Name, int SizeGB, IReadOnlyList<string> Mounts, bool HasSwap);
