namespace XenDriverDomain.Configuration.XlCfg;

/// <summary>Changes the text of a configuration around what was parsed, so that layout and comments stay.</summary>
internal static class XlConfigEditor
{
    /// <summary>Replaces a value; a <c>+=</c> becomes <c>=</c>, so that the new value is the whole one.</summary>
    public static string ReplaceValue(string text, XlConfigAssignment assignment, string literal) => string.Concat(
        text.AsSpan(0, assignment.OperatorStart),
        "=",
        text.AsSpan(assignment.OperatorEnd, assignment.Value.Start - assignment.OperatorEnd),
        string.Concat(literal, text.AsSpan(assignment.Value.End)));

    /// <summary>Puts a new assignment at the end.</summary>
    public static string AppendStatement(string text, string key, string literal) =>
        $"{text}{(text.Length == 0 || text[^1] == '\n' ? "" : "\n")}{key} = {literal}\n";

    /// <summary>Removes an assignment with its terminator, and the line when nothing else is on it.</summary>
    public static string RemoveStatement(string text, XlConfigAssignment assignment)
    {
        int start = assignment.Start;
        int end = SkipBlanks(text, assignment.Value.End);
        if (end < text.Length && text[end] == ';')
        {
            end = SkipBlanks(text, end + 1);
        }

        return RemoveWithEmptyLine(text, start, end);
    }

    /// <summary>Adds an element behind the last one, on a line of its own where the others have theirs.</summary>
    public static string AddItem(string text, XlConfigList list, string item)
    {
        int close = list.End - 1;
        if (list.Items.Count == 0)
        {
            string literal = XlConfigText.Quote(item, '\'');
            return text.Insert(list.Start + 1, text[list.Start + 1] == ']' ? $" {literal} " : $" {literal}");
        }

        XlConfigValue last = list.Items[^1];
        string added = XlConfigText.Quote(item, text[last.Start] == '"' ? '"' : '\'');
        int comma = FindComma(text, last.End, close);
        bool trailing = comma >= 0;
        int behind = trailing ? comma + 1 : last.End;
        int lineStart = text.LastIndexOf('\n', last.Start) + 1;
        bool ownLine = lineStart > list.Start && text.AsSpan(lineStart, last.Start - lineStart).IsWhiteSpace();
        if (!ownLine)
        {
            return trailing ? text.Insert(behind, $" {added},") : text.Insert(behind, $", {added}");
        }

        string indent = text[lineStart..last.Start];
        int lineEnd = text.IndexOf('\n', behind, close - behind);
        if (lineEnd < 0)
        {
            return text.Insert(behind, trailing ? $"\n{indent}{added}," : $",\n{indent}{added}");
        }

        // A comment may stand between the element and the line's end; the comma goes before it.
        string withLine = text.Insert(lineEnd + 1, $"{indent}{added}{(trailing ? "," : "")}\n");
        return trailing ? withLine : withLine.Insert(last.End, ",");
    }

    /// <summary>Removes an element with the comma that goes with it.</summary>
    public static string RemoveItem(string text, XlConfigList list, int index)
    {
        XlConfigValue item = list.Items[index];
        int next = index + 1 < list.Items.Count ? list.Items[index + 1].Start : list.End - 1;
        int comma = FindComma(text, item.End, next);
        if (comma >= 0)
        {
            return RemoveWithEmptyLine(text, item.Start, SkipBlanks(text, comma + 1));
        }

        if (index == 0)
        {
            return RemoveWithEmptyLine(text, item.Start, SkipBlanks(text, item.End));
        }

        int before = FindComma(text, list.Items[index - 1].End, item.Start);
        return text.AsSpan(before + 1, item.Start - before - 1).IndexOfAnyExcept(' ', '\t') < 0
            ? text.Remove(before, item.End - before)
            : RemoveWithEmptyLine(text, item.Start, item.End).Remove(before, 1);
    }

    private static string RemoveWithEmptyLine(string text, int start, int end)
    {
        int lineStart = start > 0 ? text.LastIndexOf('\n', start - 1) + 1 : 0;
        bool nothingBefore = text.AsSpan(lineStart, start - lineStart).IsWhiteSpace();
        int behind = SkipBlanks(text, end);
        return nothingBefore && (behind == text.Length || text[behind] == '\n')
            ? text.Remove(lineStart, Math.Min(behind + 1, text.Length) - lineStart)
            : text.Remove(start, end - start);
    }

    // Between an element and what follows it stand only blanks, newlines, comments and at most one comma.
    private static int FindComma(string text, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            switch (text[i])
            {
                case ',':
                    return i;
                case '#':
                    i = text.IndexOf('\n', i);
                    break;
            }
        }

        return -1;
    }

    private static int SkipBlanks(string text, int index)
    {
        while (index < text.Length && text[index] is ' ' or '\t')
        {
            index++;
        }

        return index;
    }
}
