using System.Globalization;
using System.Text;

namespace XenDriverDomain.XenStore.Wire;

/// <summary>
/// Takes the payloads of replies apart. Nothing is guessed or repaired: false means that the peer broke the protocol.
/// </summary>
internal static class PayloadReader
{
    private const int MaxErrorName = 32;

    /// <summary>The name of an error: capital letters and digits, at most 32, and a NUL.</summary>
    public static bool TryReadError(ReadOnlySpan<byte> payload, out string name)
    {
        name = string.Empty;
        if (payload.Length is < 2 or > MaxErrorName + 1 || payload[^1] != 0 || !IsErrorName(payload[..^1]))
        {
            return false;
        }

        name = Encoding.ASCII.GetString(payload[..^1]);
        return true;
    }

    /// <summary>The acknowledgement <c>OK</c> with its NUL.</summary>
    public static bool IsAcknowledgement(ReadOnlySpan<byte> payload) => payload.SequenceEqual("OK\0"u8);

    /// <summary>
    /// Names of children, each followed by a NUL, appended to <paramref name="names"/> up to <paramref name="limit"/> in all.
    /// </summary>
    public static bool TryReadNames(ReadOnlySpan<byte> payload, List<string> names, int limit)
    {
        while (!payload.IsEmpty)
        {
            int end = payload.IndexOf((byte)0);
            if (end <= 0 || names.Count >= limit || !IsNodeName(payload[..end]))
            {
                return false;
            }

            names.Add(Encoding.ASCII.GetString(payload[..end]));
            payload = payload[(end + 1)..];
        }

        return true;
    }

    /// <summary>Splits a DIRECTORY_PART reply into its generation count and the rest, which is never empty.</summary>
    public static bool TryReadPart(ReadOnlySpan<byte> payload, out ulong generation, out ReadOnlySpan<byte> rest)
    {
        rest = default;
        generation = 0;
        int end = payload.IndexOf((byte)0);
        if (end <= 0 || !TryReadDigits(payload[..end], out generation))
        {
            return false;
        }

        rest = payload[(end + 1)..];
        return !rest.IsEmpty;
    }

    /// <summary>A decimal number with its NUL, as TRANSACTION_START answers.</summary>
    public static bool TryReadNumber(ReadOnlySpan<byte> payload, out uint number)
    {
        number = 0;
        if (payload.Length < 2 || payload[^1] != 0 || !TryReadDigits(payload[..^1], out ulong value) || value > uint.MaxValue)
        {
            return false;
        }

        number = (uint)value;
        return true;
    }

    /// <summary>The one letter T or F with its NUL.</summary>
    public static bool TryReadBoolean(ReadOnlySpan<byte> payload, out bool value)
    {
        value = payload.SequenceEqual("T\0"u8);
        return value || payload.SequenceEqual("F\0"u8);
    }

    /// <summary>A path with its NUL.</summary>
    public static bool TryReadPath(ReadOnlySpan<byte> payload, out XenStorePath path)
    {
        path = default;
        return payload.Length >= 2 && payload[^1] == 0 && XenStorePath.TryParse(Encoding.Latin1.GetString(payload[..^1]), out path);
    }

    /// <summary>Permissions, at least one: each a letter, a domid of 16 bits and a NUL.</summary>
    public static bool TryReadPermissions(ReadOnlySpan<byte> payload, out List<XenStorePermission> permissions)
    {
        permissions = [];
        while (!payload.IsEmpty)
        {
            int end = payload.IndexOf((byte)0);
            if (end < 2 || AccessOf(payload[0]) is not { } access || !TryReadDigits(payload[1..end], out ulong domid)
                || domid > ushort.MaxValue)
            {
                return false;
            }

            permissions.Add(new XenStorePermission(access, (int)domid));
            payload = payload[(end + 1)..];
        }

        return permissions.Count > 0;
    }

    /// <summary>
    /// A watch event: path and token, each with its NUL. Further texts are accepted and left alone, since newer versions of the
    /// protocol may append some.
    /// </summary>
    public static bool TryReadEvent(ReadOnlySpan<byte> payload, out string path, out string token)
    {
        path = token = string.Empty;
        int endOfPath = payload.IndexOf((byte)0);
        if (endOfPath <= 0 || payload[^1] != 0)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = payload[(endOfPath + 1)..];
        int endOfToken = rest.IndexOf((byte)0);
        if (endOfToken <= 0)
        {
            return false;
        }

        path = Encoding.Latin1.GetString(payload[..endOfPath]);
        token = Encoding.Latin1.GetString(rest[..endOfToken]);
        return XenStorePath.TryParse(path, out _);
    }

    private static XenStoreAccess? AccessOf(byte letter) => letter switch
    {
        (byte)'n' => XenStoreAccess.None,
        (byte)'r' => XenStoreAccess.Read,
        (byte)'w' => XenStoreAccess.Write,
        (byte)'b' => XenStoreAccess.ReadWrite,
        _ => null,
    };

    private static bool IsNodeName(ReadOnlySpan<byte> name)
    {
        foreach (byte b in name)
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'-' or (byte)'_' or (byte)'@'))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsErrorName(ReadOnlySpan<byte> name)
    {
        foreach (byte b in name)
        {
            if (!char.IsAsciiLetterUpper((char)b) && !char.IsAsciiDigit((char)b))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryReadDigits(ReadOnlySpan<byte> digits, out ulong number)
    {
        number = 0;
        return !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && ulong.TryParse(Encoding.ASCII.GetString(digits), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
