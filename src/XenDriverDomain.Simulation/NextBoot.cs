using XenDriverDomain.Simulation.Files;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation;

/// <summary>What a simulated host is after it has booted anew: what of the boot before is no more, and what boot files say.</summary>
internal static class NextBoot
{
    private const string GrubMenu = "/boot/grub/grub.cfg";
    private const string KernelName = "vmlinuz-";
    private const int VersionWidth = 12;
    private const string LegacyMenu = "/boot/grub/menu.lst";

    private static readonly string[] s_extlinuxMenus = ["/boot/extlinux.conf", "/boot/extlinux/extlinux.conf"];

    /// <summary>The description of the host for the next boot.</summary>
    /// <param name="before">The host that has run until now.</param>
    /// <param name="files">Its files.</param>
    public static HostDescription Of(HostDescription before, SimulatedFiles files) => before with
    {
        BootsBefore = before.BootsBefore + 1,
        KernelRelease = NewestKernel(files) ?? before.KernelRelease,
        KernelCommandLine = CommandLine(files) ?? before.KernelCommandLine,
        Functions = [.. before.Functions.Select(function => function with { AtStart = null })],
        Pciback = null,
        PcibackParameters = null,

        // Of a recorded host, what its guests' vifs were in dom0.
        OtherDevices = [.. before.OtherDevices.Where(device => !device.Path.StartsWith("vif-", StringComparison.Ordinal)
            && !device.Path.StartsWith("virtual/net/vif", StringComparison.Ordinal))],
    };

    // What menus of boot loaders have first: the kernel with the highest version of those that have modules.
    private static string? NewestKernel(SimulatedFiles files) => files.Names("/boot")
        .Where(name => name.StartsWith(KernelName, StringComparison.Ordinal)).Select(name => name[KernelName.Length..])
        .Where(release => files.Exists($"/lib/modules/{release}/modules.dep"))
        .MaxBy(
            release => string.Concat(release.Split('.', '-').Select(part => part.PadLeft(VersionWidth, '0') + ".")),
            StringComparer.Ordinal);

    // The first entry with Xen, which is the one that is booted where nobody chose another.
    private static string? CommandLine(SimulatedFiles files) =>
        AfterKernel(files.Text(GrubMenu), "multiboot2", "multiboot") ?? AfterKernel(files.Text(LegacyMenu), "kernel")
        ?? s_extlinuxMenus.Select(path => OfExtlinux(files.Text(path))).FirstOrDefault(line => line is not null);

    private static string? AfterKernel(string? menu, params string[] hypervisor)
    {
        bool isXen = false;
        foreach (string[] words in (menu ?? string.Empty).Split('\n').Select(line => line.Split(
            (char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length > 1))
        {
            if (hypervisor.Contains(words[0]) && words[1].Contains("xen", StringComparison.Ordinal))
            {
                isXen = true;
            }
            else if (isXen && words[0] is ("module" or "module2") && words[1].Contains("vmlinuz", StringComparison.Ordinal))
            {
                return string.Join(' ', words.Skip(2));
            }
        }

        return null;
    }

    // APPEND xen.gz OPTIONS --- vmlinuz OPTIONS --- initramfs
    private static string? OfExtlinux(string? menu) => (menu ?? string.Empty).Split('\n').Select(line => line.Trim())
        .Where(line => line.StartsWith("APPEND ", StringComparison.OrdinalIgnoreCase) && line.Contains("---", StringComparison.Ordinal))
        .Select(line => line.Split("---")[1].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(words => words.Length > 0)
        .Select(words => string.Join(' ', words.Skip(1)))
        .FirstOrDefault();
}
