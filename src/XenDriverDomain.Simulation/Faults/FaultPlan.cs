using System.Collections.Immutable;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Simulation.Faults;

/// <summary>The faults of a simulated dom0. It is data: counting begins anew with each host made of it.</summary>
/// <param name="Faults">What goes wrong.</param>
public sealed record FaultPlan(ImmutableArray<Fault> Faults)
{
    /// <summary>Nothing goes wrong.</summary>
    public static FaultPlan None { get; } = new([]);

    /// <summary>True without xen-pciback.</summary>
    public bool HasNoPciback => Faults.OfType<NoPcibackFault>().Any();

    /// <summary>True without an IOMMU.</summary>
    public bool HasNoIommu => Faults.OfType<NoIommuFault>().Any();

    /// <summary>
    /// Reads faults, one a text: <c>write:PATH[:N]:ERRNO</c>, <c>PROGRAM:ARGUMENTS[:N]:hang</c>, <c>…:fail[=CODE[ MESSAGE]]</c>,
    /// <c>…:die</c>, <c>…:lie</c>, <c>xenstore:drop:N</c>, <c>stale:ADDRESS:DOMID</c>, <c>no-pciback</c>, <c>no-iommu</c>.
    /// </summary>
    /// <exception cref="XenDriverDomainException">SimulationFaultMalformed.</exception>
    public static FaultPlan Parse(IEnumerable<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return new FaultPlan([.. texts.Select(FaultText.Parse)]);
    }

    /// <summary>Reads one fault.</summary>
    /// <exception cref="XenDriverDomainException">SimulationFaultMalformed.</exception>
    public static FaultPlan Parse(string text) => Parse([text]);

    /// <inheritdoc/>
    public bool Equals(FaultPlan? other) => other is not null && Faults.SequenceEqual(other.Faults);

    /// <inheritdoc/>
    public override int GetHashCode() => Faults.Aggregate(0, HashCode.Combine);

    /// <summary>The texts, separated by blanks.</summary>
    public override string ToString() => string.Join(' ', Faults);
}
