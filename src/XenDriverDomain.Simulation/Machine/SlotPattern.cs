using System.Globalization;
using System.Text.RegularExpressions;
using XenDriverDomain.Access;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Simulation.Machine;

/// <summary>
/// What pciback takes for a slot: <c>[D:]B:S.F</c> in hexadecimal, or all functions (<c>B:S.*</c>), or a whole bus (<c>B:*.*</c>)
/// (drivers/xen/xen-pciback/pci_stub.c, str_to_slot).
/// </summary>
/// <param name="Domain">PCI domain, not checked yet.</param>
/// <param name="Bus">Bus, not checked yet.</param>
/// <param name="Slot">Device; null for all.</param>
/// <param name="Function">Function; null for all.</param>
internal sealed partial record SlotPattern(uint Domain, uint Bus, uint? Slot, uint? Function)
{
    private const uint Slots = 32;
    private const uint FunctionsOfSlot = 8;

    /// <summary>Reads a pattern; null when the text is none.</summary>
    public static SlotPattern? TryParse(string text)
    {
        Match match = Form().Match(text);
        return match.Success
            ? new SlotPattern(
                Number(match.Groups["d"]) ?? 0, Number(match.Groups["b"])!.Value, Number(match.Groups["s"]), Number(match.Groups["f"]))
            : null;
    }

    /// <summary>
    /// The addresses it stands for, which need not exist; EINVAL when one is out of range (pcistub_device_id_add).
    /// </summary>
    public Errno? Expand(out IReadOnlyList<PciAddress> addresses)
    {
        addresses = [];
        if (Domain > 0xffff || Bus > 0xff || Slot >= Slots || Function >= FunctionsOfSlot)
        {
            return Errno.EINVAL;
        }

        addresses =
        [
            .. from slot in Range(Slot, Slots)
               from function in Range(Function, FunctionsOfSlot)
               select new PciAddress((int)Domain, (int)Bus, slot, function),
        ];
        return null;
    }

    /// <summary>Whether an address is one of those it stands for.</summary>
    public bool Matches(PciAddress address) =>
        address.Domain == Domain && address.Bus == Bus && (Slot is null || address.Device == Slot)
        && (Function is null || address.Function == Function);

    /// <summary>The one address it stands for; null for wildcards, with which nothing that pciback has can be named.</summary>
    public PciAddress? Exact() =>
        Slot is not null && Function is not null && Expand(out IReadOnlyList<PciAddress> addresses) is null ? addresses[0] : null;

    private static IEnumerable<int> Range(uint? one, uint count) =>
        one is { } exact ? [(int)exact] : Enumerable.Range(0, (int)count);

    private static uint? Number(Group group)
    {
        if (!group.Success)
        {
            return null;
        }

        string digits = group.Value.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? group.Value[2..] : group.Value;

        // The kernel lets a number that is too long wrap; nobody can mean that, and out of range it is in any case.
        return uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint number)
            ? number
            : uint.MaxValue;
    }

    // sscanf: white space is let pass before each number, and at the end.
    [GeneratedRegex(
        @"^\s*(?:(?<d>(?:0[xX])?[0-9a-fA-F]+):\s*)?(?<b>(?:0[xX])?[0-9a-fA-F]+):"
            + @"(?:\s*(?<s>(?:0[xX])?[0-9a-fA-F]+)\.(?:\s*(?<f>(?:0[xX])?[0-9a-fA-F]+)|\*)|\*\.\*)\s*\z")]
    private static partial Regex Form();
}
