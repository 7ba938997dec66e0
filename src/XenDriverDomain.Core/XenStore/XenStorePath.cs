using System.Diagnostics.CodeAnalysis;
using XenDriverDomain.Errors;

namespace XenDriverDomain.XenStore;

/// <summary>
/// A path in xenstore, absolute (at most 3,072 bytes) or relative to the connection's own domain (at most 2,048 bytes):
/// components of <c>A-Z a-z 0-9 - / _ @</c>, no empty component, no slash at the end (docs/misc/xenstore.txt).
/// </summary>
public readonly struct XenStorePath : IEquatable<XenStorePath>, IComparable<XenStorePath>
{
    /// <summary>XENSTORE_ABS_PATH_MAX, xen/include/public/io/xs_wire.h.</summary>
    public const int MaxAbsolute = 3072;

    /// <summary>XENSTORE_REL_PATH_MAX, xen/include/public/io/xs_wire.h.</summary>
    public const int MaxRelative = 2048;

    private readonly string? _text;

    private XenStorePath(string text) => _text = text;

    /// <summary>The root.</summary>
    public static XenStorePath Root => new("/");

    /// <summary>True for a path that begins with a slash.</summary>
    public bool IsAbsolute => _text is { } text && text[0] == '/';

    /// <summary>The last component; empty for the root.</summary>
    public string Name => _text is null ? string.Empty : _text[(_text.LastIndexOf('/') + 1)..];

    /// <summary>The path above; null for the root and for a single relative component.</summary>
    public XenStorePath? Parent
    {
        get
        {
            if (_text is null or "/")
            {
                return null;
            }

            int slash = _text.LastIndexOf('/');
            return slash switch
            {
                < 0 => null,
                0 => Root,
                _ => new XenStorePath(_text[..slash]),
            };
        }
    }

    /// <summary>Reads a path.</summary>
    /// <exception cref="XenDriverDomainException">XenStorePathMalformed: the text breaks a rule that the message names.</exception>
    public static XenStorePath Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string? why = WhyNot(text);
        return why is null
            ? new XenStorePath(text)
            : throw new XenDriverDomainException(
                ErrorIds.XenStorePathMalformed,
                ErrorKind.InvalidArgument,
                $"'{Terminal.Text.Show(text)}' is not a xenstore path: {why}.",
                "Use components of A-Z a-z 0-9 - _ @ with single slashes between them, for example /local/domain/0/name.",
                text);
    }

    /// <summary>Reads a path; false when the text is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out XenStorePath path)
    {
        if (text is null || WhyNot(text) is not null)
        {
            path = default;
            return false;
        }

        path = new XenStorePath(text);
        return true;
    }

    /// <summary>The path of a child.</summary>
    /// <exception cref="XenDriverDomainException">XenStorePathMalformed: the name cannot be a component, or the path gets too
    /// long.</exception>
    public static XenStorePath operator /(XenStorePath parent, string child) =>
        Parse(parent._text is null ? child : parent._text == "/" ? "/" + child : parent._text + "/" + child);

    /// <summary>The path of a numbered child.</summary>
    public static XenStorePath operator /(XenStorePath parent, int child) =>
        parent / child.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The path of a child, for languages without the operator.</summary>
    public static XenStorePath Divide(XenStorePath left, string right) => left / right;

    /// <summary>The text.</summary>
    public override string ToString() => _text ?? string.Empty;

    /// <inheritdoc/>
    public bool Equals(XenStorePath other) => string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is XenStorePath other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(_text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public int CompareTo(XenStorePath other) => string.CompareOrdinal(_text, other._text);

    /// <summary>Same text.</summary>
    public static bool operator ==(XenStorePath left, XenStorePath right) => left.Equals(right);

    /// <summary>Other text.</summary>
    public static bool operator !=(XenStorePath left, XenStorePath right) => !left.Equals(right);

    /// <summary>Ordinal order.</summary>
    public static bool operator <(XenStorePath left, XenStorePath right) => left.CompareTo(right) < 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >(XenStorePath left, XenStorePath right) => left.CompareTo(right) > 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator <=(XenStorePath left, XenStorePath right) => left.CompareTo(right) <= 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >=(XenStorePath left, XenStorePath right) => left.CompareTo(right) >= 0;

    private static string? WhyNot(string text)
    {
        if (text.Length == 0)
        {
            return "it is empty";
        }

        if (text == "/")
        {
            return null;
        }

        int limit = text[0] == '/' ? MaxAbsolute : MaxRelative;
        if (text.Length > limit)
        {
            return $"it is longer than {limit} bytes";
        }

        if (text[^1] == '/')
        {
            return "it ends with a slash";
        }

        if (text.Contains("//", StringComparison.Ordinal))
        {
            return "it has an empty component";
        }

        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '/' or '_' or '@'))
            {
                return $"the character '{Terminal.Text.Show(c.ToString())}' is not allowed";
            }
        }

        return null;
    }
}
