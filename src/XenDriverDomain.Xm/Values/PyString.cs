namespace XenDriverDomain.Xm.Values;

/// <summary>A str of Python 2 (each character is a byte) or, marked, a unicode.</summary>
/// <param name="text">The characters.</param>
/// <param name="isUnicode">True for a unicode.</param>
/// <param name="origin">Where in the source it was written, or -1.</param>
internal sealed class PyString(string text, bool isUnicode = false, int origin = -1)
{
    public string Text { get; } = text;

    public bool IsUnicode { get; } = isUnicode;

    public int Origin { get; } = origin;

    public override string ToString() => Text;
}
