using System.Globalization;
using System.Text;

namespace XenDriverDomain.Simulation.Programs.XenStoreTools;

/// <summary>How the programs show a value as printable ASCII, and how they read it back (sanitise_value, unsanitise_value).</summary>
internal static class ValueText
{
    /// <summary>Bytes as text.</summary>
    public static string Show(ReadOnlySpan<byte> value)
    {
        StringBuilder text = new(value.Length);
        foreach (byte b in value)
        {
            _ = b switch
            {
                (byte)'\t' => text.Append("\\t"),
                (byte)'\n' => text.Append("\\n"),
                (byte)'\r' => text.Append("\\r"),
                (byte)'\\' => text.Append("\\\\"),
                >= (byte)' ' and <= (byte)'~' => text.Append((char)b),
                < 8 => text.Append("\\00").Append((char)('0' + b)),
                _ => text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}"),
            };
        }

        return text.ToString();
    }

    /// <summary>Text as bytes.</summary>
    public static byte[] Read(ReadOnlySpan<byte> text)
    {
        List<byte> value = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                value.Add(text[i]);
                continue;
            }

            // After a lone backslash at the end the tool finds the NUL that ends the argument, and writes that.
            byte next = ++i < text.Length ? text[i] : (byte)0;
            switch (next)
            {
                case (byte)'t':
                    value.Add((byte)'\t');
                    break;
                case (byte)'n':
                    value.Add((byte)'\n');
                    break;
                case (byte)'r':
                    value.Add((byte)'\r');
                    break;
                case (byte)'x':
                    i += Number(text[(i + 1)..], 16, 2, next, value);
                    break;
                case >= (byte)'0' and <= (byte)'7':
                    i += Number(text[i..], 8, 3, next, value) - 1;
                    break;
                default:
                    value.Add(next);
                    break;
            }
        }

        return [.. value];
    }

    private static int Number(ReadOnlySpan<byte> digits, int numberBase, int most, byte otherwise, List<byte> value)
    {
        int number = 0, count = 0;
        while (count < most && count < digits.Length && char.IsAsciiHexDigit((char)digits[count])
            && Convert.ToInt32(((char)digits[count]).ToString(), 16) is var digit && digit < numberBase)
        {
            number = (number * numberBase) + digit;
            count++;
        }

        value.Add(count == 0 ? otherwise : unchecked((byte)number));
        return count;
    }
}
