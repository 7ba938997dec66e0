using System.Text;
using XenDriverDomain.Configuration;
using XenDriverDomain.Simulation.Domains;
using XenDriverDomain.Simulation.Files;

namespace XenDriverDomain.Simulation.Toolstack.Libxl;

/// <summary>What a guest's kernel, RAM disk and command line make of it.</summary>
internal static class GuestBoot
{
    /// <summary>
    /// Unpacks a RAM disk of ours. Those of the built-in guests are stand-ins of one line, and all that they are says the command line.
    /// </summary>
    public static KernelWords WordsOf(SimulatedFiles files, DomainConfiguration configuration)
    {
        string commandLine = DomainTree.CommandLine(configuration);
        byte[] file = configuration.Ramdisk is { } ramdisk ? Content(files, ramdisk) : [];
        bool isForOurs = commandLine.Split(' ').Any(word => word.StartsWith("xdd.", StringComparison.Ordinal));
        RamDisk? disk = RamDisk.IsPacked(file) ? RamDisk.TryUnpack(file) : null;
        string kernel = configuration.Kernel is { } path ? Encoding.Latin1.GetString(Content(files, path)) : string.Empty;
        if (disk is not null && Inside.Of(disk, kernel) is { } inside)
        {
            return IsKernel(kernel) ? KernelWords.Of(inside, commandLine) : KernelWords.WithoutInit;
        }

        return isForOurs || (RamDisk.IsPacked(file) && disk is null)
            ? KernelWords.WithoutInit
            : KernelWords.Parse(commandLine, configuration.IsDriverDomain || configuration.PciDevices.Count > 0);
    }

    // The first bytes of what a boot loader and Xen take for a kernel: an EFI program, or an ELF file.
    private static bool IsKernel(string kernel) =>
        kernel.StartsWith("MZ", StringComparison.Ordinal) || kernel.StartsWith("\u007fELF", StringComparison.Ordinal);

    private static byte[] Content(SimulatedFiles files, string path) =>
        files.Find(path, followLast: true, out _)?.Node is OrdinaryFile file ? file.Content : [];
}
