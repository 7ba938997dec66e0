namespace XenDriverDomain.Hide;

/// <summary>
/// The kernel parameter by which pciback seizes devices at boot: <c>xen-pciback.hide=(D:B:S.F)(B:S.*)…</c>. One element that its
/// parser does not take keeps the whole driver from registering (drivers/xen/xen-pciback/pci_stub.c, pcistub_init), and the
/// only sign is a line in the kernel log.
/// </summary>
internal static class HideParameter
{
    /// <summary>The parameter of Linux as it is since 3.1.</summary>
    public const string Name = "xen-pciback.hide";

    /// <summary>The parameter of 2.6.18-xen and the kernels derived from it, whose module is called pciback.</summary>
    public const string ClassicName = "pciback.hide";

    /// <summary>The value on a kernel command line, of either name; null when it is not there. The last one counts.</summary>
    public static string? Find(string commandLine)
    {
        HideWord? word = HideWord.Find(commandLine, Name);
        HideWord? classic = HideWord.Find(commandLine, ClassicName);
        return (classic?.Start > (word?.Start ?? -1) ? classic : word)?.Value;
    }

    /// <summary>
    /// The first part of a value that the driver cannot read, and the rule that it breaks; null when the value is well-formed.
    /// </summary>
    public static HideFault? FindFault(string value) => HideList.Parse(value).Fault;
}
