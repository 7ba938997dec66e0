using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Simulation.XenStore;

/// <summary>
/// Takes the payloads of requests apart as the C xenstored does (get_strings, onearg, xs_strings_to_perms). Paths are Latin-1 here,
/// so that every byte has its character; those that are not allowed are found by the rules for paths.
/// </summary>
internal static class RequestReader
{
    /// <summary>The only text of a payload; null unless it has exactly one NUL, at its end.</summary>
    public static string? OneText(ReadOnlySpan<byte> payload) =>
        !payload.IsEmpty && payload.IndexOf((byte)0) == payload.Length - 1 ? Encoding.Latin1.GetString(payload[..^1]) : null;

    /// <summary>The texts that end with a NUL; what follows the last NUL is ignored.</summary>
    public static List<string> Texts(ReadOnlySpan<byte> payload)
    {
        List<string> texts = [];
        int end;
        while ((end = payload.IndexOf((byte)0)) >= 0)
        {
            texts.Add(Encoding.Latin1.GetString(payload[..end]));
            payload = payload[(end + 1)..];
        }

        return texts;
    }

    /// <summary>A number as atoi(3) finds it at the beginning of a text; 0 where there is none.</summary>
    public static int Number(string text)
    {
        text = text.TrimStart(' ', '\t', '\n', '\v', '\f', '\r');
        int end = text.StartsWith('-') || text.StartsWith('+') ? 1 : 0;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        _ = long.TryParse(text.AsSpan(0, end), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number);
        return unchecked((int)number);
    }

    /// <summary>Permissions, each a letter and the number of a domain; null when one is malformed.</summary>
    public static ImmutableArray<XenStorePermission>? Permissions(IEnumerable<string> texts)
    {
        ImmutableArray<XenStorePermission>.Builder permissions = ImmutableArray.CreateBuilder<XenStorePermission>();
        foreach (string text in texts)
        {
            if (text.Length < 2 || AccessOf(text[0]) is not { } access
                || !int.TryParse(text.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int domid))
            {
                return null;
            }

            permissions.Add(new XenStorePermission(access, domid));
        }

        return permissions.ToImmutable();
    }

    private static XenStoreAccess? AccessOf(char letter) => letter switch
    {
        'n' => XenStoreAccess.None,
        'r' => XenStoreAccess.Read,
        'w' => XenStoreAccess.Write,
        'b' => XenStoreAccess.ReadWrite,
        _ => null,
    };
}
