using XenDriverDomain.Simulation.Hosts;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Machine.Tools.Boot;

/// <summary>The programs of distributions that make what is read at boot.</summary>
internal static class BootPrograms
{
    private static readonly string[] s_grub =
        ["/usr/sbin/update-grub", "/usr/sbin/grub-mkconfig", "/usr/bin/grub-mkconfig", "/usr/sbin/grub2-mkconfig"];
    private static readonly string[] s_initramfs =
        ["/usr/sbin/update-initramfs", "/usr/bin/dracut", "/usr/sbin/dracut", "/sbin/dracut", "/sbin/mkinitfs", "/usr/sbin/mkinitfs"];
    private static readonly string[] s_extlinux = ["/sbin/update-extlinux", "/usr/sbin/update-extlinux"];

    /// <summary>Those whose files a machine has.</summary>
    public static IEnumerable<ISimulatedProgram> Of(SimulatedMachine machine) =>
    [
        .. s_grub.Where(machine.Files.Exists).Select(path => new GrubMkconfig(machine, path)),
        .. s_initramfs.Where(machine.Files.Exists).Select(path => new InitramfsMaker(machine, Usr(path))),
        .. new[] { BuiltIn.LsInitramfsPath }.Where(machine.Files.Exists).Select(_ => new LsInitramfs(machine)),
        .. s_extlinux.Where(machine.Files.Exists).Select(path => new UpdateExtlinux(machine, Usr(path))),
    ];

    // Where the table of programs has them.
    private static string Usr(string path) => path.StartsWith("/sbin/", StringComparison.Ordinal) ? "/usr" + path : path;
}
