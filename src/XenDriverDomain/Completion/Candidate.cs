using XenDriverDomain.Pci.Uses;

namespace XenDriverDomain.Completion;

/// <summary>Something that a parameter can take.</summary>
/// <param name="Text">What is inserted.</param>
/// <param name="ToolTip">What it is, for a person.</param>
internal sealed record Candidate(string Text, string ToolTip)
{
    /// <summary>What a list shows of code, which is inserted as it is; null for a text, which is quoted where needed.</summary>
    public string? CodeLabel { get; init; }

    /// <summary>What dom0 calls interfaces or disks of cards: the kernel's names, or paths where one is being typed.</summary>
    internal static IReadOnlyList<Candidate> Of(IReadOnlyList<KernelName> names, string word) =>
    [
        .. from one in names.OrderByDescending(one => one.IsHardware)
           where one.Functions.Count > 0
           from text in word.StartsWith('/') ? one.Names.Where(name => name.StartsWith('/')) : [one.Name]
           select new Candidate(text, $"{one.What} ({string.Join(", ", one.Functions)})"),
    ];
}
