namespace XenDriverDomain.Hide;

/// <summary>
/// A word <c>NAME.hide=VALUE</c> on a line of kernel parameters. Words are what the kernel takes for them (lib/cmdline.c, next_arg): blanks
/// divide them outside of double quotes, which may stand around the whole word or around its value; what follows a word <c>--</c> is for
/// init. The line may come out of a shell's quotes, where a double quote is written <c>\"</c>.
/// </summary>
/// <param name="Start">Where the word begins.</param>
/// <param name="Length">How long it is, with its quotes.</param>
/// <param name="ValueStart">Where its value begins, behind quotes.</param>
/// <param name="Value">The value, without quotes.</param>
internal sealed record HideWord(int Start, int Length, int ValueStart, string Value)
{
    /// <summary>The word that counts, the last one; null when there is none.</summary>
    /// <param name="line">The line.</param>
    /// <param name="parameter">The parameter: <c>xen-pciback.hide</c>; - and _ are the same character to the kernel.</param>
    public static HideWord? Find(string line, string parameter) => All(line, parameter).LastOrDefault();

    /// <summary>All of these words, in order.</summary>
    /// <param name="line">The line.</param>
    /// <param name="parameter">The parameter.</param>
    public static IEnumerable<HideWord> All(string line, string parameter) =>
        Words(line).Select(word => Read(line, word, parameter)).OfType<HideWord>();

    /// <summary>Whether every double quote on a line is closed; what is put behind an open one would belong to it.</summary>
    public static bool IsClosed(string line) => line.Count(c => c == '"') % 2 == 0;

    /// <summary>Where another word goes: behind the last one, before <c>--</c>.</summary>
    public static int PlaceForMore(string line)
    {
        int end = 0;
        foreach ((int start, int length) in Words(line))
        {
            end = start + length;
        }

        return end;
    }

    /// <summary>All words of a line, those for init as well.</summary>
    public static IEnumerable<Stretch> AllWords(string line)
    {
        int at = 0;
        while (true)
        {
            while (at < line.Length && char.IsWhiteSpace(line[at]))
            {
                at++;
            }

            if (at == line.Length)
            {
                yield break;
            }

            int start = at;
            for (bool isQuoted = false; at < line.Length && (isQuoted || !char.IsWhiteSpace(line[at])); at++)
            {
                isQuoted ^= line[at] == '"';
            }

            yield return new Stretch(start, at - start);
        }
    }

    private static IEnumerable<Stretch> Words(string line) =>
        AllWords(line).TakeWhile(word => line.AsSpan(word.Start, word.Length) is not "--");

    private static HideWord? Read(string line, Stretch word, string parameter)
    {
        int start = SkipQuote(line, word.Start);
        int end = word.Start + word.Length;
        int equals = line.IndexOf('=', start, end - start);
        if (equals < 0 || !IsSame(line.AsSpan(start, equals - start), parameter))
        {
            return null;
        }

        int value = SkipQuote(line, equals + 1);
        string text = line[value..end];
        foreach (string quote in (string[])["\\\"", "\""])
        {
            if (text.EndsWith(quote, StringComparison.Ordinal))
            {
                text = text[..^quote.Length];
                break;
            }
        }

        return new HideWord(word.Start, word.Length, value, text);
    }

    private static int SkipQuote(string line, int at) =>
        line.AsSpan(at).StartsWith("\\\"") ? at + 2 : line.AsSpan(at).StartsWith("\"") ? at + 1 : at;

    private static bool IsSame(ReadOnlySpan<char> name, string parameter)
    {
        if (name.Length != parameter.Length)
        {
            return false;
        }

        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] != parameter[i] && !(name[i] is '-' or '_' && parameter[i] is '-' or '_'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Where a word of a line is.</summary>
    public sealed record Stretch(int Start, int Length);
}
