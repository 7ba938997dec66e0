using System.Globalization;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Machine;

/// <summary>An id that a driver was told of at run time.</summary>
/// <param name="VendorId">The vendor.</param>
/// <param name="DeviceId">The vendor's number of the chip.</param>
internal sealed record DynamicId(int VendorId, int DeviceId)
{
    /// <summary>Reads the first two numbers, hexadecimal; the rest narrows the match down and is not looked at.</summary>
    public static DynamicId? TryParse(string text)
    {
        string[] words = text.Split((char[])[' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length >= 2 && TryHex(words[0], out int vendor) && TryHex(words[1], out int device)
            ? new DynamicId(vendor, device)
            : null;
    }

    /// <summary>Whether a function has this id.</summary>
    public bool Matches(FunctionDescription function) => function.VendorId == VendorId && function.DeviceId == DeviceId;

    private static bool TryHex(string text, out int value) =>
        int.TryParse(text.StartsWith("0x", StringComparison.Ordinal)
            ? text[2..]
            : text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
