using XenDriverDomain.Access;
using XenDriverDomain.Hide;

namespace XenDriverDomain.Boot.Loaders;

/// <summary>A boot loader's configuration on dom0, as far as it tells dom0's kernel its parameters.</summary>
/// <param name="Loader">Whose it is.</param>
/// <param name="Path">Its file; the first one where there are several.</param>
/// <param name="Parameter">pciback's parameter, as it is written there.</param>
/// <param name="Lines">Where the parameters stand that are changed; one for each entry, or one for all.</param>
internal sealed record BootConfiguration(BootLoader Loader, string Path, string Parameter, IReadOnlyList<KernelLine> Lines)
{
    /// <summary>What was seen that speaks for this loader, in words.</summary>
    public required string Evidence { get; init; }

    /// <summary>The programs that make of it what the loader reads; empty when it reads the file itself.</summary>
    public IReadOnlyList<CommandRequest> Regeneration { get; init; } = [];

    /// <summary>What they make; null when the loader reads the file itself.</summary>
    public GeneratedConfiguration? Generated { get; init; }

    /// <summary>Why it cannot be understood well enough to be changed, in words; null when it can.</summary>
    public string? Trouble { get; init; }

    /// <summary>The value of hide= on a line; null when there is none.</summary>
    public string? HideOf(KernelLine line) => HideWord.Find(line.Whole ?? line.Text, Parameter)?.Value;
}

/// <summary>A file that a boot loader reads and a program makes of settings.</summary>
/// <param name="Path">The file.</param>
/// <param name="XenEntries">Reads its entries of Xen: their titles, and the parameters that they give dom0's kernel.</param>
internal sealed record GeneratedConfiguration(string Path, Func<string, IReadOnlyList<(string Title, string Parameters)>> XenEntries);
