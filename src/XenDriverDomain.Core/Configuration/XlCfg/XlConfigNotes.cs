using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration.XlCfg;

/// <summary>
/// What this product remembers in a configuration file and xl has no setting for: lines
/// <c># XenDriverDomain: name=value</c>, which are comments to xl.
/// </summary>
internal static class XlConfigNotes
{
    private const string Prefix = "# XenDriverDomain:";

    public static string? Get(string text, string name) =>
        Find(text, name) is { } line ? ValueOf(text.AsSpan(line.Start, line.Length), name) : null;

    public static string Set(string text, string name, string? value)
    {
        if (name.Length == 0 || name.Any(c => !char.IsAsciiLetterLower(c) && c != '-'))
        {
            throw new ArgumentException("A note's name is lower-case letters and hyphens.", nameof(name));
        }

        if (value is not null && (value.Any(char.IsControl) || value.Trim() != value))
        {
            throw new XenDriverDomainException(
                ErrorIds.ConfigNotExpressible,
                ErrorKind.InvalidArgument,
                $"'{Terminal.Text.Show(value)}' cannot be kept as a note in a configuration: it must be one line without blanks around it.",
                "Remove line breaks and control characters.",
                value);
        }

        string? line = value is null ? null : $"{Prefix} {name}={value}\n";
        if (Find(text, name) is { } old)
        {
            return string.Concat(text.AsSpan(0, old.Start), line, text.AsSpan(old.Start + old.Length));
        }

        if (line is null)
        {
            return text;
        }

        // Behind the comments at the head, which are about the whole file.
        int at = 0;
        while (at < text.Length && text[at] == '#')
        {
            at = text.IndexOf('\n', at) + 1;
        }

        return text.Insert(at, line);
    }

    // The line with its newline. Strings never span lines, so every line that begins with '#' is a comment.
    private static (int Start, int Length)? Find(string text, string name)
    {
        (int, int)? found = null;
        for (int start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start);
            int next = end < 0 ? text.Length : end + 1;
            if (ValueOf(text.AsSpan(start, next - start), name) is not null)
            {
                found = (start, next - start);
            }

            start = next;
        }

        return found;
    }

    private static string? ValueOf(ReadOnlySpan<char> line, string name)
    {
        if (!line.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        ReadOnlySpan<char> rest = line[Prefix.Length..].Trim();
        return rest.StartsWith(name, StringComparison.Ordinal) && rest.Length > name.Length && rest[name.Length] == '='
            ? rest[(name.Length + 1)..].ToString()
            : null;
    }
}
