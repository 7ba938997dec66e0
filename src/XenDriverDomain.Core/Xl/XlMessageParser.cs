using System.Globalization;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Xl;

/// <summary>
/// Takes xl's standard error apart. Lines come from libxl's logger (<c>context: level: file:line:function: Domain N:text</c>,
/// tools/libs/toollog/xtl_logger_stdio.c and libxl__logv in libxl_internal.c), from the other libraries (<c>xc: error: …</c>),
/// or from xl itself, bare.
/// </summary>
internal static class XlMessageParser
{
    /// <summary>The most messages kept; of a longer output the last ones, since the cause and the outcome stand at the end.</summary>
    public const int MaxMessages = 500;

    /// <summary>The most characters shown of one line.</summary>
    public const int MaxText = 1000;

    private static readonly char[] s_lineEnds = ['\n', '\r'];

    /// <summary>All messages of an output, in order; blank lines are left out.</summary>
    public static IReadOnlyList<XlMessage> Parse(string standardError)
    {
        ArgumentNullException.ThrowIfNull(standardError);
        Queue<XlMessage> messages = new();
        foreach (string line in standardError.Split(
            s_lineEnds, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            messages.Enqueue(ParseLine(line));
            if (messages.Count > MaxMessages)
            {
                messages.Dequeue();
            }
        }

        return [.. messages];
    }

    private static XlMessage ParseLine(string line)
    {
        ReadOnlySpan<char> rest = SkipStamps(line);
        if (!TakePrefix(ref rest, out XlSeverity severity))
        {
            return new XlMessage(XlSeverity.Information, null, null, Text.Show(rest.ToString(), MaxText));
        }

        string? source = TakeSource(ref rest);
        int? domid = TakeDomid(ref rest);
        return new XlMessage(severity, source, domid, Text.Show(rest.ToString(), MaxText));
    }

    // xl -t and -T put a time and a process id in brackets before the line.
    private static ReadOnlySpan<char> SkipStamps(ReadOnlySpan<char> line)
    {
        while (line.Length > 2 && line[0] == '[' && (char.IsAsciiDigit(line[1])) && line.IndexOf("] ") is > 0 and int end)
        {
            line = line[(end + 2)..];
        }

        return line;
    }

    private static bool TakePrefix(ref ReadOnlySpan<char> line, out XlSeverity severity)
    {
        severity = XlSeverity.Information;
        int first = line.IndexOf(": ");
        if (first <= 0 || !IsWord(line[..first]))
        {
            return false;
        }

        ReadOnlySpan<char> afterContext = line[(first + 2)..];
        int second = afterContext.IndexOf(':');
        if (second > 0 && LevelOf(afterContext[..second]) is { } level)
        {
            severity = level;
            line = afterContext[(second + 1)..].TrimStart(' ');
            return true;
        }

        if (line[..first] is "xl")
        {
            line = afterContext;
        }

        return false;
    }

    private static XlSeverity? LevelOf(ReadOnlySpan<char> word) => word switch
    {
        "debug" or "verbose" or "detail" or "progress" => XlSeverity.Debug,
        "info" or "notice" => XlSeverity.Information,
        "warning" => XlSeverity.Warning,
        "error" or "critical" => XlSeverity.Error,
        _ => null,
    };

    // file.c:123:function: — all without blanks.
    private static string? TakeSource(ref ReadOnlySpan<char> line)
    {
        int end = line.IndexOf(": ");
        if (end < 0 && line.EndsWith(":"))
        {
            end = line.Length - 1;
        }

        if (end <= 0)
        {
            return null;
        }

        ReadOnlySpan<char> place = line[..end];
        int colon = place.IndexOf(':');
        if (colon < 3 || place.Contains(' ') || (!place[..colon].EndsWith(".c") && !place[..colon].EndsWith(".h")))
        {
            return null;
        }

        ReadOnlySpan<char> number = place[(colon + 1)..];
        int next = number.IndexOf(':');
        if (next <= 0 || !IsDigits(number[..next]) || !IsWord(number[(next + 1)..]))
        {
            return null;
        }

        string source = place.ToString();
        line = line[Math.Min(end + 2, line.Length)..];
        return source;
    }

    private static int? TakeDomid(ref ReadOnlySpan<char> line)
    {
        const string Word = "Domain ";
        int colon = line.IndexOf(':');
        if (!line.StartsWith(Word, StringComparison.Ordinal) || colon <= Word.Length || !IsDigits(line[Word.Length..colon])
            || !int.TryParse(line[Word.Length..colon], NumberStyles.None, CultureInfo.InvariantCulture, out int domid))
        {
            return null;
        }

        line = line[(colon + 1)..].TrimStart(' ');
        return domid;
    }

    private static bool IsDigits(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExceptInRange('0', '9');

    private static bool IsWord(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.'))
            {
                return false;
            }
        }

        return text.Length > 0;
    }
}
