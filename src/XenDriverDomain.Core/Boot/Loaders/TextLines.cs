namespace XenDriverDomain.Boot.Loaders;

/// <summary>A file taken apart into lines whose places in the file are known.</summary>
internal static class TextLines
{
    /// <summary>The lines: their number from 1, where they begin, and their text without the end of line.</summary>
    public static IEnumerable<(int Number, int Start, string Text)> Of(string file)
    {
        int start = 0;
        for (int number = 1; start < file.Length; number++)
        {
            int end = file.IndexOf('\n', start);
            int next = end < 0 ? file.Length : end + 1;
            yield return (number, start, file[start..(end < 0 ? file.Length : end)].TrimEnd('\r'));
            start = next;
        }
    }

    /// <summary>The first word of a text, and where what follows it begins.</summary>
    public static (string Word, int End) FirstWord(string text, int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t')
        {
            at++;
        }

        int end = at;
        while (end < text.Length && text[end] is not (' ' or '\t'))
        {
            end++;
        }

        return (text[at..end], end);
    }

    /// <summary>
    /// The parameters of a kernel, behind its path and up to the end of the line, or to a limit; null when there is no path.
    /// </summary>
    /// <param name="path">The boot file.</param>
    /// <param name="line">The line.</param>
    /// <param name="at">Where the path begins, or blanks before it.</param>
    /// <param name="to">Where the parameters end.</param>
    public static KernelLine? Parameters(string path, (int Number, int Start, string Text) line, int at, int? to = null)
    {
        (string kernel, int end) = FirstWord(line.Text, at);
        return kernel.Length == 0 || end > to ? null : Rest(path, line, end, to);
    }

    /// <summary>The stretch of a line from a place to its end, or to a limit.</summary>
    public static KernelLine Rest(string path, (int Number, int Start, string Text) line, int from, int? to = null)
    {
        string text = line.Text[from..(to ?? line.Text.Length)];
        return new KernelLine(path, line.Number, line.Start + from, text) { Prefix = text.Length == 0 ? " " : string.Empty };
    }

    /// <summary>Whether the last component of a path is that of Xen.</summary>
    public static bool IsXen(string path) =>
        path[(path.LastIndexOf('/') + 1)..].StartsWith("xen", StringComparison.OrdinalIgnoreCase);
}
