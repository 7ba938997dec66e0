using System.Buffers;
using System.Text;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Kernels;

/// <summary>
/// Reads a kernel configuration (.config) as scripts/kconfig/confdata.c writes it: <c>CONFIG_X=y</c>, <c># CONFIG_X is not set</c>,
/// comments and blank lines. Any other line is an error, since kconfig itself would pass over it. Of an option that is
/// given twice the last counts, as with kconfig; so concatenated fragments can be read.
/// </summary>
internal static class KernelConfigText
{
    /// <summary>The most bytes of a configuration; those of today have 0.3 million.</summary>
    public const int Limit = 4 * 1024 * 1024;

    private const string Prefix = "CONFIG_";
    private const string NotSet = " is not set";
    private static readonly SearchValues<char> s_decimal = SearchValues.Create("0123456789");
    private static readonly SearchValues<char> s_hexadecimal = SearchValues.Create("0123456789abcdefABCDEF");
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>True when the first bytes of a file are text rather than an image.</summary>
    public static bool LooksLikeText(ReadOnlySpan<byte> head) =>
        !head.ContainsAnyInRange((byte)0, (byte)8) && !head.ContainsAnyInRange((byte)14, (byte)31) && !head.Contains((byte)0x7f);

    /// <summary>Reads a configuration.</summary>
    /// <param name="path">The file, for errors and findings.</param>
    /// <param name="content">Its content, unpacked.</param>
    /// <exception cref="ConfigException">KernelConfigMalformed.</exception>
    public static KernelConfig Parse(string path, ReadOnlySpan<byte> content)
    {
        Dictionary<string, KernelOption> options = new(StringComparer.Ordinal);
        string? release = null;
        int number = 0;
        while (!content.IsEmpty)
        {
            number++;
            int end = content.IndexOf((byte)'\n');
            ReadOnlySpan<byte> bytes = end < 0 ? content : content[..end];
            content = end < 0 ? [] : content[(end + 1)..];
            string line = Decode(path, number, bytes.EndsWith("\r"u8) ? bytes[..^1] : bytes);
            release ??= KernelVersion.FindRelease(line);
            if (Read(path, number, line) is { } option)
            {
                options[option.Name] = new KernelOption(option.Value, path, number);
            }
        }

        return options.Count == 0
            ? throw Malformed(path, 1, 1, "it has not one line CONFIG_…=… or # CONFIG_… is not set")
            : new KernelConfig(path, options) { Release = release, Version = release is null ? null : KernelVersion.Parse(release) };
    }

    private static string Decode(string path, int line, ReadOnlySpan<byte> bytes)
    {
        try
        {
            string text = s_utf8.GetString(bytes);
            for (int i = 0; i < text.Length; i++)
            {
                if (char.IsControl(text[i]) && text[i] != '\t')
                {
                    throw Malformed(path, line, i + 1, $"the control character U+{(int)text[i]:X4} does not belong there");
                }
            }

            return text;
        }
        catch (DecoderFallbackException e)
        {
            throw Malformed(path, line, 1, "the line is not UTF-8", e);
        }
    }

    private static (string Name, string Value)? Read(string path, int number, string line)
    {
        if (line.StartsWith('#'))
        {
            ReadOnlySpan<char> rest = line.AsSpan(1).TrimStart();
            if (!rest.StartsWith(Prefix, StringComparison.Ordinal) || !rest.TrimEnd().EndsWith(NotSet, StringComparison.Ordinal))
            {
                return null;
            }

            ReadOnlySpan<char> unset = rest.TrimEnd()[Prefix.Length..^NotSet.Length];
            return IsName(unset) ? (unset.ToString(), "n") : null;
        }

        if (string.IsNullOrWhiteSpace(line))
        {
            return null;
        }

        int equals = line.IndexOf('=', StringComparison.Ordinal);
        if (!line.StartsWith(Prefix, StringComparison.Ordinal) || equals < 0 || !IsName(line.AsSpan(Prefix.Length..equals)))
        {
            throw Malformed(path, number, 1, $"'{Terminal.Text.Show(line, 64)}' is neither an option CONFIG_NAME=VALUE nor a comment");
        }

        return (line[Prefix.Length..equals], ReadValue(path, number, line, equals + 1));
    }

    private static string ReadValue(string path, int number, string line, int start)
    {
        string text = line[start..].TrimEnd();
        if (text.StartsWith('"'))
        {
            return Unquote(path, number, text, start);
        }

        // y, m, n, a decimal number or one with 0x: nothing else is written without quotes.
        bool isNumber = text.Length > 0 && text.AsSpan(text[0] == '-' ? 1 : 0) is { Length: > 0 } digits
            && (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
                ? digits.Length > 2 && !digits[2..].ContainsAnyExcept(s_hexadecimal)
                : !digits.ContainsAnyExcept(s_decimal));
        return text is "y" or "m" or "n" || isNumber
            ? text
            : throw Malformed(
                path, number, start + 1, $"'{Terminal.Text.Show(text, 64)}' is no value: y, m, n, a number or a text in quotes is");
    }

    private static string Unquote(string path, int number, string text, int start)
    {
        StringBuilder value = new(text.Length);
        for (int i = 1; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"' when i == text.Length - 1:
                    return value.ToString();
                case '"':
                    throw Malformed(path, number, start + i + 2, "something follows the closing quote");
                case '\\' when i + 1 < text.Length:
                    value.Append(text[++i]);
                    break;
                default:
                    value.Append(text[i]);
                    break;
            }
        }

        throw Malformed(path, number, start + 1, "the closing quote is missing");
    }

    private static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }

        return !name.IsEmpty;
    }

    private static ConfigException Malformed(string path, int line, int column, string problem, Exception? cause = null) => new(
        ErrorIds.KernelConfigMalformed,
        new ConfigLocation(path, line, column),
        $"{problem}.",
        "Give the file as the kernel's build wrote it (/boot/config-RELEASE).",
        cause);
}
