using System.Buffers;
using System.Globalization;
using System.Text;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration.XlCfg;

/// <summary>Writes values in xl.cfg's language, with the escapes alone that every Xen understands.</summary>
internal static class XlConfigText
{
    /// <summary>A quoted string.</summary>
    /// <exception cref="XenDriverDomainException">ConfigNotExpressible: the text has a control character other than tab and
    /// newline.</exception>
    public static string Quote(string text, char quote = '"')
    {
        ArgumentNullException.ThrowIfNull(text);
        if (HasLoneSurrogate(text))
        {
            throw NotExpressible(text, "it is not valid Unicode");
        }

        StringBuilder literal = new(text.Length + 2);
        literal.Append(quote);
        foreach (char c in text)
        {
            switch (c)
            {
                case '\\':
                    literal.Append("\\\\");
                    break;
                case '\n':
                    literal.Append("\\n");
                    break;
                case '\t':
                    literal.Append("\\t");
                    break;
                case var _ when c == quote:
                    literal.Append('\\').Append(c);
                    break;
                case var _ when char.IsControl(c):
                    throw NotExpressible(text, $"the character U+{(int)c:X4} has no safe spelling there");
                default:
                    literal.Append(c);
                    break;
            }
        }

        return literal.Append(quote).ToString();
    }

    /// <summary>A decimal number; a negative one is quoted, since the language has no sign.</summary>
    public static string Number(long number) => number < 0
        ? $"\"{number.ToString(CultureInfo.InvariantCulture)}\""
        : number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Any value. A number keeps its spelling: <c>0x10</c> stays, and a string that looks like a number stays a string.</summary>
    public static string Write(XlConfigValue value) => value switch
    {
        XlConfigAtom { IsQuoted: true } atom => Quote(atom.Text),
        XlConfigAtom atom when atom.Number is >= 0 => atom.Text,
        XlConfigAtom atom => Quote(atom.Text),
        XlConfigList { Items.Count: 0 } => "[ ]",
        XlConfigList list => $"[ {string.Join(", ", list.Items.Select(Write))} ]",
        _ => throw new ArgumentException("Neither atom nor list.", nameof(value)),
    };

    /// <summary>Throws when a text cannot be a key.</summary>
    public static void CheckKey(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length == 0 || !char.IsAsciiLetterLower(key[0])
            || key.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('_' or '.')))
        {
            throw NotExpressible(key, "a key is a lower-case letter, followed by lower-case letters, digits, _ and .");
        }
    }

    private static bool HasLoneSurrogate(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out int length) != OperationStatus.Done)
            {
                return true;
            }

            text = text[length..];
        }

        return false;
    }

    private static XenDriverDomainException NotExpressible(string text, string why) => new(
        ErrorIds.ConfigNotExpressible,
        ErrorKind.InvalidArgument,
        $"'{Terminal.Text.Show(text)}' cannot be written into an xl configuration: {why}.",
        "Use printable characters, tabs and line breaks only.",
        text);
}
