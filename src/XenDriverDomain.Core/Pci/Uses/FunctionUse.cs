namespace XenDriverDomain.Pci.Uses;

/// <summary>One use that dom0 has for a function.</summary>
/// <param name="Function">The function.</param>
/// <param name="Use">What it is used for.</param>
internal sealed record FunctionUse(PciAddress Function, PciUse Use);
