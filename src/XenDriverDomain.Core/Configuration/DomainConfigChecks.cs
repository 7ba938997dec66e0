using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration;

/// <summary>Refusals that need no host: what xl or libxl would refuse later, or accept and get wrong.</summary>
internal static class DomainConfigChecks
{
    /// <summary>All that cannot work; empty when nothing is wrong.</summary>
    public static IReadOnlyList<Finding> Check(DomainConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return [
            .. CheckName(configuration),
            .. CheckMemory(configuration),
            .. CheckBoot(configuration),
            .. CheckPci(configuration),
            .. CheckBackends(configuration),
        ];
    }

    private static IEnumerable<Finding> CheckName(DomainConfiguration configuration)
    {
        if (DomainName.WhyNot(configuration.Name) is { } why)
        {
            yield return Wrong(
                ErrorIds.DomainNameInvalid,
                Terminal.Text.Show(configuration.Name),
                $"The domain cannot have the name '{Terminal.Text.Show(configuration.Name)}': {why}.",
                "Choose a name of letters, digits and - _ . that begins with a letter.");
        }
    }

    private static IEnumerable<Finding> CheckMemory(DomainConfiguration configuration)
    {
        if (configuration.MemoryMB is not { } memory || memory is < MemorySize.MinMegabytes or > MemorySize.MaxMegabytes)
        {
            yield return Wrong(
                ErrorIds.MemoryOutOfBounds,
                "memory",
                $"A domain needs {MemorySize.MinMegabytes} MiB at least, and no more than {MemorySize.MaxMegabytes / 1024 / 1024} TiB.",
                "Give its memory, for example 384MB.");
        }
        else if (configuration.MaxMemoryMB < memory)
        {
            yield return Wrong(
                ErrorIds.MemoryOutOfBounds,
                "maxmem",
                $"maxmem ({configuration.MaxMemoryMB} MiB) is below memory ({memory} MiB).",
                "Leave maxmem out, or make it as large as memory.");
        }
    }

    private static IEnumerable<Finding> CheckBoot(DomainConfiguration configuration)
    {
        bool hasLoader = configuration.Kernel is not null
            || configuration.Other.Any(o => o.Key is "bootloader" or "firmware" or "firmware_override");
        if (configuration.Type != DomainType.HVM && !hasLoader)
        {
            yield return Wrong(
                ErrorIds.NothingToBoot,
                "kernel",
                $"A {configuration.Type} domain needs a kernel or a boot loader.",
                "Give the path of a kernel image in dom0, or a boot loader such as pygrub.");
        }
    }

    private static IEnumerable<Finding> CheckPci(DomainConfiguration configuration)
    {
        if (configuration.PciDevices.Count == 0)
        {
            yield break;
        }

        if (configuration.Type == DomainType.PVH)
        {
            yield return Wrong(
                ErrorIds.PciOnPvh,
                "type",
                "A PVH domain cannot have PCI devices on x86 (passthrough not yet supported for x86 PVH guests).",
                "Make it a PV or an HVM domain.");
        }

        if (configuration.Type == DomainType.HVM && configuration.MaxMemoryMB is { } most && most != configuration.MemoryMB)
        {
            yield return Wrong(
                ErrorIds.PciWithPopulateOnDemand,
                "maxmem",
                "An HVM domain with PCI devices cannot get its memory on demand: the IOMMU needs all of it from the start.",
                "Make maxmem equal to memory, or leave it out.");
        }

        if (configuration.Passthrough == PassthroughMode.Disabled)
        {
            yield return Wrong(
                ErrorIds.PciWithPassthroughDisabled,
                "passthrough",
                "passthrough is disabled, but devices are listed.",
                "Remove the setting, or make it \"enabled\".");
        }

        for (int i = 0; i < configuration.PciDevices.Count; i++)
        {
            PciSpec device = configuration.PciDevices[i];
            if (configuration.PciDevices.Take(i).Any(earlier => Overlap(earlier, device)))
            {
                yield return Wrong(
                    ErrorIds.PciDeviceTwice,
                    Terminal.Text.Show(device.ToString()),
                    "The device is listed twice.",
                    "List each device once.");
            }
        }
    }

    private static bool Overlap(PciSpec left, PciSpec right) => left.Address is { } a && right.Address is { } b
        ? a == b || ((left.AllFunctions || right.AllFunctions) && a.SharesSlotWith(b))
        : left.Name is not null && string.Equals(left.Name, right.Name, StringComparison.Ordinal);

    private static IEnumerable<Finding> CheckBackends(DomainConfiguration configuration)
    {
        IEnumerable<(string Subject, DomainRef? Backend)> devices = configuration.Vifs
            .Select(vif => (vif.ToString(), vif.Backend))
            .Concat(configuration.Disks.Select(disk => (disk.ToString(), disk.Backend)));
        foreach ((string subject, DomainRef? backend) in devices)
        {
            // 0 always is dom0; any other domid is another domain's after a restart.
            if (backend is { Domid: > 0 and { } domid })
            {
                yield return Wrong(
                    ErrorIds.BackendByDomid,
                    Terminal.Text.Show(subject),
                    $"The back end is given as domid {domid}, which xl takes unchecked and which changes when that domain restarts.",
                    "Name the back-end domain instead.") with
                {
                    Severity = FindingSeverity.Warning,
                };
            }
        }
    }

    private static Finding Wrong(string id, string subject, string cause, string remedy) =>
        new(id, FindingSeverity.Error, subject, cause, remedy) { Kind = ErrorKind.InvalidArgument };
}
