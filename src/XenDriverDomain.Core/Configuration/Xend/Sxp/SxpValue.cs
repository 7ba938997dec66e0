using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration.Xend.Sxp;

/// <summary>An expression of SXP: an atom or a list.</summary>
/// <param name="Location">Where it begins.</param>
internal abstract record SxpValue(ConfigLocation Location);

/// <summary>A word or a quoted string; xend makes no difference between them.</summary>
/// <param name="Location">Where it begins.</param>
/// <param name="Text">What it says.</param>
/// <param name="IsQuoted">True for a quoted string.</param>
internal sealed record SxpAtom(ConfigLocation Location, string Text, bool IsQuoted) : SxpValue(Location)
{
    /// <summary>The text, fit to be shown.</summary>
    public override string ToString() => Terminal.Text.Show(Text);
}

/// <summary>A list in parentheses. Its first item, when that is an atom, is its name: <c>(memory 64)</c>.</summary>
/// <param name="Location">Where its parenthesis is.</param>
/// <param name="Items">What is in it, the name included.</param>
internal sealed record SxpList(ConfigLocation Location, IReadOnlyList<SxpValue> Items) : SxpValue(Location)
{
    /// <summary>The first item, when it is an atom; else null.</summary>
    public string? Name => Items.Count > 0 && Items[0] is SxpAtom atom ? atom.Text : null;

    /// <summary>The lists in it that have this name.</summary>
    /// <param name="name">The name, as it is written.</param>
    public IEnumerable<SxpList> Children(string name) => Items.OfType<SxpList>().Where(l => l.Name == name);

    /// <summary>The first list in it that has this name; null when there is none.</summary>
    /// <param name="name">The name, as it is written.</param>
    public SxpList? Child(string name) => Children(name).FirstOrDefault();

    /// <summary>The atom behind the name of the first such list: 64 for memory in <c>((memory 64))</c>; null when there is none.</summary>
    /// <param name="name">The name, as it is written.</param>
    public SxpAtom? ChildValue(string name) => Child(name) is { Items.Count: > 1 } list ? list.Items[1] as SxpAtom : null;

    /// <summary>The name and the number of items.</summary>
    public override string ToString() => $"({Terminal.Text.Show(Name ?? "…", 40)} …)";
}
