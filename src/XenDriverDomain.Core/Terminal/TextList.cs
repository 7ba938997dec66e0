using System.Collections.ObjectModel;

namespace XenDriverDomain.Terminal;

/// <summary>Makes the lists that output objects have: what shows an object as one line, as Export-Csv does, shows a list's text.</summary>
internal static class TextList
{
    /// <summary>A list whose text has a blank between its elements, which have none themselves.</summary>
    public static IReadOnlyList<T> OfWords<T>(IReadOnlyList<T> elements) => new TextList<T>([.. elements], " ");

    /// <summary>A list whose text has a semicolon between its elements.</summary>
    public static IReadOnlyList<T> OfTexts<T>(IReadOnlyList<T> elements) => new TextList<T>([.. elements], "; ");
}

/// <summary>A list with a text.</summary>
/// <param name="elements">What it consists of.</param>
/// <param name="separator">What stands between them in its text.</param>
internal sealed class TextList<T>(T[] elements, string separator) : ReadOnlyCollection<T>(elements)
{
    /// <summary>The elements' texts.</summary>
    public override string ToString() => string.Join(separator, this);
}
