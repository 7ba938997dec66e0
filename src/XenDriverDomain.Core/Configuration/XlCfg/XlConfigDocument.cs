using System.Text;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration.XlCfg;

/// <summary>
/// An xl.cfg as it is written, comments and layout included. Reading is as strict as Xen's own parser (libxlutil). Documents do
/// not change: each With… method gives a new one in which everything else is byte for byte as it was.
/// </summary>
public sealed class XlConfigDocument
{
    /// <summary>The largest file that is worth reading, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Encoding _encoding;

    private XlConfigDocument(string text, string? fileName, Encoding encoding)
    {
        Text = text;
        FileName = fileName;
        _encoding = encoding;
        Assignments = XlConfigParser.Parse(text, fileName, encoding == Encoding.Latin1);
    }

    /// <summary>A document without any line.</summary>
    public static XlConfigDocument Empty => new(string.Empty, null, s_strictUtf8);

    /// <summary>The text as it is written.</summary>
    public string Text { get; }

    /// <summary>The file as the user called it, for errors; null when there is none.</summary>
    public string? FileName { get; }

    /// <summary>All assignments in order, also those that later ones override.</summary>
    internal IReadOnlyList<XlConfigAssignment> Assignments { get; }

    /// <summary>The keys that have a value, in the order of their first assignment.</summary>
    public IEnumerable<string> Keys => Assignments.Select(a => a.Key).Distinct(StringComparer.Ordinal);

    /// <summary>Reads a file's text.</summary>
    /// <exception cref="ConfigException">ConfigSyntaxError.</exception>
    public static XlConfigDocument Parse(string text, string? fileName = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new XlConfigDocument(text, fileName, s_strictUtf8);
    }

    /// <summary>Reads a file's bytes: as UTF-8, or as Latin-1 where they are not; xl itself does not mind.</summary>
    /// <exception cref="ConfigException">ConfigSyntaxError.</exception>
    public static XlConfigDocument Parse(ReadOnlySpan<byte> bytes, string? fileName = null)
    {
        string text;
        Encoding encoding = s_strictUtf8;
        try
        {
            text = encoding.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            encoding = Encoding.Latin1;
            text = encoding.GetString(bytes);
        }

        return new XlConfigDocument(text, fileName, encoding);
    }

    /// <summary>The document's bytes: those that were read, when nothing was changed.</summary>
    /// <exception cref="XenDriverDomainException">ConfigNotExpressible: a new value has characters that the file's encoding
    /// lacks.</exception>
    public byte[] Write()
    {
        if (_encoding == Encoding.Latin1 && Text.Any(c => c > '\xff'))
        {
            throw new XenDriverDomainException(
                ErrorIds.ConfigNotExpressible,
                ErrorKind.InvalidArgument,
                $"{FileName ?? "The configuration"} is not UTF-8, and a value added to it has characters beyond Latin-1.",
                "Convert the file to UTF-8 first, or use ASCII values.",
                FileName);
        }

        return _encoding.GetBytes(Text);
    }

    /// <summary>
    /// The value of a key after all assignments, or null when there is none. The last <c>=</c> wins; each <c>+=</c> behind it adds
    /// to a list, or lengthens a string without a separator (xlu__cfg_set_store).
    /// </summary>
    internal XlConfigValue? GetValue(string key)
    {
        XlConfigAssignment[] parts = EffectiveAssignments(key);
        return parts switch
        {
            [] => null,
            [var only] => only.Value,
            [.., { Value: XlConfigList list }] => new XlConfigList(
                [.. parts.SelectMany(a => ((XlConfigList)a.Value).Items)], list.Location, list.Start, list.End),
            [.., var last] => new XlConfigAtom(
                string.Concat(parts.Select(a => ((XlConfigAtom)a.Value).Text)), true, last.Value.Location, last.Value.Start,
                last.Value.End),
        };
    }

    /// <summary>The text of a setting, be it written as a number or as a string; null when it is not set.</summary>
    /// <exception cref="ConfigException">ConfigValueInvalid: it is a list.</exception>
    public string? GetString(string key) => GetAtom(key)?.Text;

    /// <summary>The number of a setting, be it written as a number or as a string; null when it is not set.</summary>
    /// <exception cref="ConfigException">ConfigValueInvalid: it is a list, no number, or built with <c>+=</c>.</exception>
    public long? GetNumber(string key)
    {
        if (GetAtom(key) is not { } atom)
        {
            return null;
        }

        if (EffectiveAssignments(key).Any(a => a.IsAppend))
        {
            throw Invalid(
                atom.Location, $"'{key}' is built with '+=', and then xl reads no number from it", $"Write {key} = and the number.");
        }

        return atom.Number ?? throw Invalid(
            atom.Location,
            $"'{key}' must be a number, not '{Terminal.Text.Show(atom.Text, 40)}'",
            "Write a decimal number without unit and without leading zeros (0512 is octal for xl).");
    }

    /// <summary>A yes-or-no setting: any number but 0 is yes; null when it is not set.</summary>
    /// <exception cref="ConfigException">ConfigValueInvalid, as <see cref="GetNumber"/>.</exception>
    public bool? GetFlag(string key) => GetNumber(key) is { } number ? number != 0 : null;

    /// <summary>The elements of a list of strings; null when it is not set.</summary>
    /// <exception cref="ConfigException">ConfigValueInvalid: it is a single value, or an element is a list.</exception>
    internal IReadOnlyList<XlConfigAtom>? GetList(string key) => GetValue(key) switch
    {
        null => null,
        XlConfigList list => [.. list.Items.Select(item => item as XlConfigAtom ?? throw Invalid(
            item.Location, $"an element of '{key}' is a list itself", "Write each element as one string in quotes."))],
        var single => throw Invalid(single.Location, $"'{key}' must be a list", $"Put brackets around it: {key} = [ '…' ]."),
    };

    /// <summary>The document with a setting that says a text; the last assignment is changed, or a new one put at the end.</summary>
    /// <exception cref="XenDriverDomainException">ConfigNotExpressible.</exception>
    public XlConfigDocument WithString(string key, string value) => WithLiteral(key, XlConfigText.Quote(value));

    /// <summary>The document with a setting that says a number.</summary>
    public XlConfigDocument WithNumber(string key, long value) => WithLiteral(key, XlConfigText.Number(value));

    /// <summary>The document with a setting that says any value.</summary>
    internal XlConfigDocument WithValue(string key, XlConfigValue value) => WithLiteral(key, XlConfigText.Write(value));

    /// <summary>
    /// The document with one more element at the end of a list, in the layout of the others; the list is made when it is missing.
    /// </summary>
    /// <exception cref="XenDriverDomainException">ConfigValueInvalid: the setting is no list. ConfigNotExpressible.</exception>
    public XlConfigDocument WithListItem(string key, string item)
    {
        XlConfigText.CheckKey(key);
        return EffectiveAssignments(key) switch
        {
            [] => Edited(XlConfigEditor.AppendStatement(Text, key, $"[ {XlConfigText.Quote(item, '\'')} ]")),
            [.., { Value: XlConfigList list }] => Edited(XlConfigEditor.AddItem(Text, list, item)),
            [.., var last] => throw Invalid(
                last.Value.Location, $"'{key}' must be a list", $"Put brackets around it: {key} = [ '…' ]."),
        };
    }

    /// <summary>The document without an element of a list.</summary>
    /// <param name="key">The list's key.</param>
    /// <param name="index">The element's index in <see cref="GetList"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    public XlConfigDocument WithoutListItem(string key, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        foreach (XlConfigAssignment assignment in EffectiveAssignments(key))
        {
            if (assignment.Value is XlConfigList list)
            {
                if (index < list.Items.Count)
                {
                    return Edited(XlConfigEditor.RemoveItem(Text, list, index));
                }

                index -= list.Items.Count;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(index));
    }

    /// <summary>The document without a setting: all its assignments are removed, lines that held nothing else as a whole.</summary>
    public XlConfigDocument Without(string key)
    {
        XlConfigDocument document = this;
        while (document.Assignments.LastOrDefault(a => a.Key == key) is { } last)
        {
            document = document.Edited(XlConfigEditor.RemoveStatement(document.Text, last));
        }

        return document;
    }

    /// <summary>
    /// A note of ours in the file, a comment <c># XenDriverDomain: name=value</c>; null when there is none. The last one counts.
    /// </summary>
    public string? GetNote(string name) => XlConfigNotes.Get(Text, name);

    /// <summary>The document with a note of ours; null removes it. Notes are comments: xl does not see them.</summary>
    /// <exception cref="XenDriverDomainException">ConfigNotExpressible: the value has a line break or another control
    /// character.</exception>
    public XlConfigDocument WithNote(string name, string? value) => Edited(XlConfigNotes.Set(Text, name, value));

    /// <summary>The text.</summary>
    public override string ToString() => Text;

    internal static ConfigException Invalid(ConfigLocation location, string problem, string remedy) =>
        new(ErrorIds.ConfigValueInvalid, location, problem + ".", remedy);

    // From the last "=" on; a "+=" without an earlier value acts as "=".
    private XlConfigAssignment[] EffectiveAssignments(string key)
    {
        XlConfigAssignment[] all = [.. Assignments.Where(a => string.Equals(a.Key, key, StringComparison.Ordinal))];
        int start = Array.FindLastIndex(all, a => !a.IsAppend);
        return start > 0 ? all[start..] : all;
    }

    private XlConfigAtom? GetAtom(string key) => GetValue(key) switch
    {
        null => null,
        XlConfigAtom atom => atom,
        var list => throw Invalid(list.Location, $"'{key}' must be a single value, not a list", "Remove the brackets."),
    };

    private XlConfigDocument WithLiteral(string key, string literal)
    {
        XlConfigText.CheckKey(key);
        return Assignments.LastOrDefault(a => string.Equals(a.Key, key, StringComparison.Ordinal)) is { } last
            ? Edited(XlConfigEditor.ReplaceValue(Text, last, literal))
            : Edited(XlConfigEditor.AppendStatement(Text, key, literal));
    }

    private XlConfigDocument Edited(string text) => new(text, FileName, _encoding);
}

/// <summary>One assignment in xl.cfg, <c>key = value</c> or <c>key += value</c>.</summary>
/// <param name="Key">The key, lower case.</param>
/// <param name="IsAppend">True for <c>+=</c>.</param>
/// <param name="Value">The value as it is written there.</param>
/// <param name="Location">Where the key stands.</param>
internal sealed record XlConfigAssignment(string Key, bool IsAppend, XlConfigValue Value, ConfigLocation Location)
{
    // The whole statement's extent, and the operator's.
    internal int Start { get; init; }

    internal int OperatorStart { get; init; }

    internal int OperatorEnd { get; init; }
}
