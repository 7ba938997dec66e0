using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains.Probe;
using XenDriverDomain.Pci;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.DriverDomains;

/// <summary>A driver domain: what its configuration says and what runs, at the moment it was looked at.</summary>
public sealed record DriverDomain
{
    /// <summary>The id of the host.</summary>
    public required string Dom0 { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its domid; null when it does not run.</summary>
    public int? Domid { get; init; }

    /// <summary>What the domain is doing; null when it does not run.</summary>
    public DomainState? State { get; init; }

    /// <summary>Whether it serves, when that was probed.</summary>
    public ReadinessState Readiness { get; init; }

    /// <summary>What the probe saw.</summary>
    public string? ReadinessDetail { get; init; }

    /// <summary>pv or hvm.</summary>
    public DomainType? Type { get; init; }

    /// <summary>Memory in MiB.</summary>
    public int? MemoryMB { get; init; }

    /// <summary>Virtual CPUs.</summary>
    public int? Vcpus { get; init; }

    /// <summary>The bridge expected inside, the default of Connect-XenGuestVif; null when none was named.</summary>
    public string? Bridge { get; init; }

    /// <summary>The PCI functions that it has (running) or is to get (configuration).</summary>
    public IReadOnlyList<PciAddress> PciDevice { get; init => field = TextList.OfWords(value); } = TextList.OfWords<PciAddress>([]);

    /// <summary>The front ends that it serves: <c>fe1 vif 0</c>.</summary>
    public IReadOnlyList<string> Client { get; init => field = TextList.OfTexts(value); } = TextList.OfTexts<string>([]);

    /// <summary>
    /// The vifs that are cut off from it, of guests that run: <c>fe1 vif 0 (00:16:3e:00:00:01)</c>. Its start, or restart, connects them
    /// again.
    /// </summary>
    public IReadOnlyList<string> PendingClient { get; init => field = TextList.OfTexts(value); } = TextList.OfTexts<string>([]);

    /// <summary>The configuration file on dom0; null when there is none of ours.</summary>
    public string? ConfigPath { get; init; }

    /// <summary>Its UUID; null when it does not run.</summary>
    public Guid? Uuid { get; init; }
}
