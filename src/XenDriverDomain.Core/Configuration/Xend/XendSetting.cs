using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration.Xend;

/// <summary>A setting of xend's time, from an xm file or from SXP; both have the same ones.</summary>
/// <param name="Name">xm's name for it, by which the table of rules has it.</param>
/// <param name="Location">Where it was written.</param>
internal sealed record XendSetting(string Name, ConfigLocation Location)
{
    /// <summary>What the file calls it.</summary>
    public string Written { get; init; } = Name;

    /// <summary>The value of one that has a single value.</summary>
    public string? Text { get; init; }

    /// <summary>The elements of one that is a list.</summary>
    public IReadOnlyList<XendItem>? Items { get; init; }

    /// <summary>True when it is as if it were not there.</summary>
    public bool IsEmpty => Text is { Length: 0 } || Items is { Count: 0 };

    /// <summary>The value, fit to be shown.</summary>
    public string Shown => Terminal.Text.Show(Text ?? $"[{string.Join(", ", (Items ?? []).Select(i => i.Text))}]");
}
