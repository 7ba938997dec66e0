using System.Text;

namespace XenDriverDomain.Xm.Syntax;

/// <summary>
/// The text of an xm file as Python 2 sees it: each character is one byte, since a str of Python 2 is bytes, and all line ends are
/// LF, since Python reads source so. Places are indexes into <see cref="Text"/>; people get lines and columns.
/// </summary>
internal sealed class XmSource
{
    /// <summary>The largest file that is worth reading, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    private readonly string? _fileName;
    private readonly List<int> _lineStarts = [0];

    public XmSource(string text, string? fileName)
    {
        _fileName = fileName;
        if (text.StartsWith('\ufeff'))
        {
            text = text[1..];
        }

        string bytes = IsAscii(text) ? text : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
        Text = bytes.Contains('\r') ? bytes.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n') : bytes;
        for (int end = Text.IndexOf('\n'); end >= 0; end = Text.IndexOf('\n', end + 1))
        {
            _lineStarts.Add(end + 1);
        }

        if (Text.Length > MaxBytes)
        {
            throw Error(XmFault.LimitExceeded, 0, $"the file has more than {MaxBytes} bytes", "Is this a configuration file?");
        }
    }

    public string Text { get; }

    public XmLocation LocationOf(int index)
    {
        int found = _lineStarts.BinarySearch(index);
        int line = found >= 0 ? found : ~found - 1;
        int column = 1;
        for (int i = _lineStarts[line]; i < index; i++)
        {
            // Bytes that continue a UTF-8 sequence are no characters of their own.
            column += (Text[i] & 0xC0) == 0x80 ? 0 : 1;
        }

        return new XmLocation(_fileName, line + 1, column);
    }

    public XmException Error(XmFault fault, int index, string problem, string remedy, Exception? inner = null) =>
        new(fault, LocationOf(index), problem + ".", remedy, inner);

    public XmException SyntaxError(int index, string problem, string remedy) =>
        Error(XmFault.SyntaxError, index, problem, remedy);

    public XmException Unsupported(int index, string construct) => Error(
        XmFault.ConstructUnsupported,
        index,
        $"{construct} is not supported; only a safe part of Python 2 is run here",
        "Write it with plain assignments, or convert the file by hand.");

    private static bool IsAscii(string text) => Ascii.IsValid(text);
}
