using System.Globalization;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Hide;

/// <summary>An element of pciback's <c>hide=</c>: a function, all functions of a device, or all of a bus.</summary>
/// <param name="Domain">PCI domain (segment).</param>
/// <param name="Bus">Bus.</param>
/// <param name="Device">Device; null for all.</param>
/// <param name="Function">Function; null for all.</param>
internal sealed record HideElement(int Domain, int Bus, int? Device, int? Function)
{
    /// <summary>The one function it stands for; null for wildcards.</summary>
    public PciAddress? Address => Device is { } device && Function is { } function ? new PciAddress(Domain, Bus, device, function) : null;

    /// <summary>The element for one function.</summary>
    public static HideElement For(PciAddress address) => new(address.Domain, address.Bus, address.Device, address.Function);

    /// <summary>Whether an address is one of those it stands for.</summary>
    public bool Covers(PciAddress address) =>
        address.Domain == Domain && address.Bus == Bus && (Device is null || address.Device == Device)
        && (Function is null || address.Function == Function);

    /// <summary>As it is written: <c>(0000:00:10.0)</c>, always with the domain.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"({Domain:x4}:{Bus:x2}:{Device?.ToString("x2", CultureInfo.InvariantCulture) ?? "*"}."
            + $"{Function?.ToString("x1", CultureInfo.InvariantCulture) ?? "*"})");
}

/// <summary>A stretch of a <c>hide=</c> value: an element, or what cannot be read.</summary>
/// <param name="Start">Where it begins in the value.</param>
/// <param name="Length">How long it is, without the blanks around it.</param>
/// <param name="Element">What it says; null when it cannot be read.</param>
/// <param name="Fault">Why it cannot be read; null when it can.</param>
internal sealed record HidePart(int Start, int Length, HideElement? Element, HideFault? Fault);
