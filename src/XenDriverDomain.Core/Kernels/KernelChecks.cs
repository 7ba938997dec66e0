using XenDriverDomain.Errors;

namespace XenDriverDomain.Kernels;

/// <summary>Judges a kernel's configuration by the tables.</summary>
/// <param name="dom0">The id of the host.</param>
/// <param name="kernel">The kernel.</param>
internal sealed class KernelChecks(string dom0, KernelConfig kernel)
{
    private readonly IReadOnlyList<KernelRequirement> _table =
        kernel.Flavor == KernelFlavor.Classic ? ClassicRequirements.All : PvopsRequirements.All;

    /// <summary>The findings for each role in turn, in the order of the table: what lies at the bottom of the others comes first.</summary>
    public IReadOnlyList<KernelFinding> Judge(IEnumerable<KernelRole> roles)
    {
        List<KernelFinding> findings = [];
        foreach (KernelRole role in roles.Distinct())
        {
            findings.AddRange(_table.Where(row => row.Concerns(kernel, role)).Select(row => Judge(row, role)).OfType<KernelFinding>());
            if (role == KernelRole.Dom0 && kernel is { Flavor: KernelFlavor.Classic, IsComplete: true }
                && kernel.IsSet("XEN_PCIDEV_BACKEND"))
            {
                findings.AddRange(JudgePcibackMode());
            }
        }

        return findings;
    }

    private KernelFinding? Judge(KernelRequirement row, KernelRole role)
    {
        string option = "CONFIG_" + row.Option;
        KernelOption? found = kernel.Find(row.Option);
        switch (found?.Value)
        {
            case "y":
            case "m" when row is { CanBeModule: true, AsModule: null }:
                return null;
            case "m" when row.CanBeModule:
                return Of(
                    ErrorIds.KernelOptionIsModule,
                    role,
                    FindingSeverity.Information,
                    row,
                    $"{option} is the module {row.Module}, which does nothing until it is loaded.",
                    row.AsModule!);
            case "m":
                return Of(
                    ErrorIds.KernelOptionNotBuiltIn, role, row.Severity, row, $"{option} is a module. {row.Breaks}",
                    $"Set {option}=y and build the kernel anew.");
            case null when !kernel.IsComplete:
                return Of(
                    ErrorIds.KernelOptionUnknown,
                    role,
                    FindingSeverity.Warning,
                    row,
                    $"Lists of modules do not tell whether {option} is set. If it is not: {row.Breaks}",
                    "Give the kernel's configuration (/boot/config-RELEASE) to know.");
            default:
                return Of(
                    ErrorIds.KernelOptionMissing, role, row.Severity, row, $"{option} is not set. {row.Breaks}{WhyNot(row)}", HowTo(row));
        }
    }

    private string WhyNot(KernelRequirement row) =>
        row.DefaultsTo is { } other && !kernel.IsSet(other)
            ? $" Its default is the value of CONFIG_{other}, which is not set either: a kernel built for guests only lacks it "
                + "without a word."
            : string.Empty;

    private string HowTo(KernelRequirement row)
    {
        if (row.Remedy is { } remedy)
        {
            return remedy;
        }

        string first = row.DependsOn is { } other && !kernel.IsSet(other) && Has(other)
            ? $", and CONFIG_{other}, on which it depends,"
            : string.Empty;
        return $"Set CONFIG_{row.Option}={row.Wanted}{first} and build the kernel anew, or use a kernel that has it.";
    }

    // An option of a later version is nothing that this kernel's source could set.
    private bool Has(string option) =>
        _table.Any(row => row.Option == option && row.Roles.Any(role => row.Concerns(kernel, role)));

    private IEnumerable<KernelFinding> JudgePcibackMode()
    {
        (string Option, string Means)[] chosen = [.. ClassicRequirements.PcibackModes.Where(mode => kernel.IsSet(mode.Option))];
        if (chosen.Length == 0)
        {
            KernelRequirement row = new(ClassicRequirements.PcibackModes[0].Option, FindingSeverity.Error, string.Empty, KernelRole.Dom0);
            string modes = string.Join(", ", ClassicRequirements.PcibackModes.Select(mode => "CONFIG_" + mode.Option));
            yield return Of(
                ErrorIds.KernelPcibackMode,
                KernelRole.Dom0,
                FindingSeverity.Error,
                row,
                $"pciback is built without a way to show devices to a domain: none of {modes} is set.",
                $"Set CONFIG_{row.Option}=y and build the kernel anew.");
        }

        foreach ((string option, string means) in chosen)
        {
            yield return Of(
                ErrorIds.KernelPcibackMode,
                KernelRole.Dom0,
                FindingSeverity.Information,
                new(option, FindingSeverity.Information, means, KernelRole.Dom0),
                means,
                "Another view takes another kernel: set one of CONFIG_XEN_PCIDEV_BACKEND_VPCI, _PASS and _SLOT. Newer kernels have "
                    + "xen-pciback.passthrough= instead.");
        }
    }

    private KernelFinding Of(string id, KernelRole role, FindingSeverity severity, KernelRequirement row, string cause, string remedy)
    {
        KernelOption? found = kernel.Find(row.Option);
        return new KernelFinding(id, severity, "CONFIG_" + row.Option, cause, remedy)
        {
            Dom0 = dom0,
            Path = kernel.Path,
            Kernel = kernel.Release,
            Role = role,
            Wanted = row.Wanted,
            Found = found?.Value,
            Evidence = found is { } option ? $"CONFIG_{row.Option}={option.Value}" : null,
            Location = new ConfigLocation(found?.File ?? kernel.Path, found?.Line ?? 0, 0),
        };
    }
}
