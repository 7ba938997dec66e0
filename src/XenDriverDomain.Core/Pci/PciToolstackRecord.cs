namespace XenDriverDomain.Pci;

/// <summary>What xl has written down about one function in xenstore.</summary>
internal sealed record PciToolstackRecord
{
    /// <summary>The function.</summary>
    public required PciAddress Address { get; init; }

    /// <summary>The driver's directory as stored, <c>/sys/bus/pci/drivers/e1000e</c>.</summary>
    public string? DriverPath { get; init; }

    /// <summary>The name it was made assignable under.</summary>
    public string? Name { get; init; }

    /// <summary>The domain that the toolstack, or a back end of it, says has the function.</summary>
    public int? Domid { get; init; }

    /// <summary>True when only a PCI back end in dom0 names that domain, and no record of the toolstack's.</summary>
    public bool IsFromBackend { get; init; }

    /// <summary>True when that domain runs.</summary>
    public bool IsDomainAlive { get; init; }

    /// <summary>That domain's name, when it runs and has one.</summary>
    public string? DomainName { get; init; }
}
