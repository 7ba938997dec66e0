using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Tests.Machine;

/// <summary>The small programs, with the words and exit codes of coreutils, grep and kmod.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly TestMachine _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("cat: /none: No such file or directory\n", 1, "cat", "/none")]
    [InlineData("cat: /sys/bus/pci/drivers/pciback/bind: Permission denied\n", 1, "cat", "/sys/bus/pci/drivers/pciback/bind")]
    [InlineData("cat: /root: Is a directory\n", 1, "cat", "/root")]
    [InlineData("ls: cannot access '/none': No such file or directory\n", 2, "ls", "/none")]
    [InlineData("rm: cannot remove '/none': No such file or directory\n", 1, "rm", "/none")]
    [InlineData("rm: cannot remove '/etc/xen': Is a directory\n", 1, "rm", "/etc/xen")]
    [InlineData("rm: cannot remove '/proc/cmdline': Operation not permitted\n", 1, "rm", "-f", "/proc/cmdline")]
    [InlineData("mkdir: cannot create directory '/root': File exists\n", 1, "mkdir", "/root")]
    [InlineData("mkdir: cannot create directory '/a/b': No such file or directory\n", 1, "mkdir", "/a/b")]
    [InlineData("mkdir: cannot create directory '/sys/a': Operation not permitted\n", 1, "mkdir", "/sys/a")]
    [InlineData("", 1, "readlink", "/root")]
    [InlineData("", 1, "grep", "-F", "nothing", "/proc/cmdline")]
    [InlineData("grep: /none: No such file or directory\n", 2, "grep", "x", "/none")]
    [InlineData("modprobe: FATAL: Module nothing not found in directory /lib/modules/6.1.0-56-amd64\n", 1, "modprobe", "nothing")]
    [InlineData("ldd: /none: No such file or directory\n", 1, "ldd", "/none")]
    [InlineData("\tnot a dynamic executable\n", 1, "ldd", "/usr/sbin/xl")]
    [InlineData("sha256sum: /none: No such file or directory\n", 1, "sha256sum", "--", "/none")]
    [InlineData("sha256sum: /root: Is a directory\n", 1, "sha256sum", "/root")]
    [InlineData("wc: /none: No such file or directory\n", 1, "wc", "-c", "/none")]
    [InlineData("modinfo: ERROR: Module nothing not found.\n", 1, "modinfo", "nothing")]
    [InlineData("nothing: applet not found\n", 127, "busybox", "nothing")]
    [InlineData("rmmod: ERROR: Module vfio_pci is not currently loaded\n", 1, "rmmod", "vfio-pci")]
    public async Task A_failure_has_the_words_and_the_code_of_the_real_one(
        string complaint, int code, string program, params string[] arguments) =>
        Assert.Equal(new CommandResult(code, "", complaint), await _host.RunAsync(program, arguments));

    [Theory]
    [InlineData("../../../bus/pci/drivers/e1000\n", "readlink", "/sys/bus/pci/devices/0000:00:11.0/driver")]
    [InlineData("/sys/bus/pci/drivers/e1000\n", "readlink", "-f", "/sys/bus/pci/devices/0000:00:11.0/driver")]
    [InlineData("'/sys/class/net/lo' -> '../../devices/virtual/net/lo'\n", "stat", "-c", "%N", "/sys/class/net/lo")]
    [InlineData("regular file 200\n", "stat", "-c", "%F %a", "/sys/bus/pci/drivers/pciback/new_slot")]
    [InlineData("input0\ninput3\n", "ls", "/sys/class/input")]
    [InlineData("/sys/class/input\n", "ls", "-d", "/sys/class/input")]
    [InlineData("/sys/class/input:\ninput0\ninput3\n", "ls", "-R", "/sys/class/input")]
    [InlineData("memory = 320\n", "grep", "-h", "-F", "-e", "memory", "/root/client.cfg")]
    [InlineData("1\n", "grep", "-c", "^vcpus", "/root/client.cfg")]
    [InlineData("10 /proc/xen/capabilities\n", "wc", "-c", "/proc/xen/capabilities")]
    [InlineData("      0 /dev/null\n     22 /root/vmlinuz\n     22 total\n", "wc", "-c", "--", "/dev/null", "/root/vmlinuz")]
    [InlineData(
        "\tlinux-vdso.so.1 (0x00007ffd00000000)\n\tlibtinfo.so.6 => /lib/x86_64-linux-gnu/libtinfo.so.6 (0x00007f0000000000)\n"
            + "\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f0000000000)\n\t/lib64/ld-linux-x86-64.so.2 (0x00007f0000000000)\n",
        "ldd", "/bin/bash")]
    [InlineData(
        "filename:       /lib/modules/6.1.0-56-amd64/kernel/drivers/net/ethernet/intel/e1000e/e1000e.ko\nlicense:        GPL\n"
            + "depends:        ptp\nretpoline:      Y\nintree:         Y\nname:           e1000e\n"
            + "vermagic:       6.1.0-56-amd64 SMP preempt mod_unload modversions \n",
        "modinfo", "e1000e")]
    [InlineData("rtl_nic/rtl8168g-2.fw\nrtl_nic/rtl8125a-3.fw\n", "modinfo", "-F", "firmware", "r8169", "bridge")]
    [InlineData("control_d\n", "cat", "/proc/xen/capabilities")]
    public async Task An_answer_is_that_of_the_real_one(string answer, string program, params string[] arguments) =>
        Assert.Equal(new CommandResult(0, answer, ""), await _host.RunAsync(program, arguments));

    // What the real ones say on this machine of the same files.
    [Theory]
    [InlineData("sha256sum", "--", "a", "b c")]
    [InlineData("sha256sum", "a", "none", "d")]
    [InlineData("sha256sum", "-c", "sums")]
    [InlineData("sha256sum", "--check", "wrong")]
    [InlineData("sha256sum", "-c", "a")]
    [InlineData("wc", "-c", "a")]
    [InlineData("wc", "-c", "--", "a", "b c")]
    [InlineData("wc", "-c", "a", "none", "b c")]
    [InlineData("wc", "-c", "d", "a")]
    [InlineData("ldd", "a", "none")]
    public async Task A_small_program_says_what_the_real_one_says(string program, params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no such program.");
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        try
        {
            string empty = Sum([]), a = Sum("a\n"u8), b = Sum(Encoding.ASCII.GetBytes(new string('x', 1234)));
            Dictionary<string, string> files = new()
            {
                ["a"] = "a\n",
                ["b c"] = new string('x', 1234),
                ["sums"] = $"{a}  {folder.FullName}/a\n{b}  {folder.FullName}/b c\n",
                ["wrong"] = $"{empty}  {folder.FullName}/a\n{b}  {folder.FullName}/none\n",
            };
            foreach ((string name, string text) in files)
            {
                File.WriteAllText($"{folder.FullName}/{name}", text);
                _host.Machine.Files.Put($"{folder.FullName}/{name}", text);
            }

            folder.CreateSubdirectory("d");
            _host.Machine.Files.MakeDirectory($"{folder.FullName}/d");
            string[] words = [.. arguments.Select(word => word.StartsWith('-') ? word : $"{folder.FullName}/{word}")];

            Assert.Equal(await RealAsync(program, words), await _host.RunAsync(program, words));
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        static string Sum(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));
    }

    [Fact]
    public async Task Busybox_has_the_applets_that_hotplug_scripts_and_our_init_run()
    {
        string[] applets = (await _host.RunAsync("busybox", "--list")).StandardOutput.Split('\n');
        foreach (string applet in (string[])["[", "sh", "mount", "insmod", "sed", "awk", "losetup", "udhcpc", "ifconfig", "setsid"])
        {
            Assert.Contains(applet, applets);
        }
    }

    [Fact]
    public async Task Listing_deeply_names_each_directory()
    {
        await _host.RunAsync("mkdir", "-p", "/tmp/a/b");
        _host.Machine.Files.Put("/tmp/a/file", "");

        CommandResult result = await _host.RunAsync("ls", "-R", "/tmp");

        Assert.Equal("/tmp:\na\n\n/tmp/a:\nb\nfile\n\n/tmp/a/b:\n", result.StandardOutput);
    }

    [Fact]
    public async Task Tee_writes_a_file_or_stores_to_an_attribute()
    {
        CommandRequest Tee(string path, string text) => new("tee", [path]) { StandardInput = Encoding.UTF8.GetBytes(text) };

        Assert.Equal(new CommandResult(0, "text\n", ""), await _host.RunAsync(Tee("/root/new", "text\n"), default));
        Assert.Equal("text\n", _host.Machine.Files.Text("/root/new"));
        Assert.Equal(
            new CommandResult(1, "0000:0a:00.0\n", "tee: /sys/bus/pci/drivers/e1000/unbind: No such device\n"),
            await _host.RunAsync(Tee("/sys/bus/pci/drivers/e1000/unbind", "0000:0a:00.0\n"), default));
        Assert.Equal(0, (await _host.RunAsync(Tee("/sys/bus/pci/drivers/e1000/unbind", "0000:00:11.0\n"), default)).ExitCode);
        Assert.Null(_host.DriverOf("0000:00:11.0"));
    }

    [Fact]
    public async Task Files_and_trees_are_removed()
    {
        await _host.RunAsync("mkdir", "-p", "/tmp/a/b");

        Assert.Equal(0, (await _host.RunAsync("rm", "-r", "/tmp/a")).ExitCode);
        Assert.Equal(0, (await _host.RunAsync("rm", "-f", "/tmp/a", "/root/client.cfg")).ExitCode);
        Assert.False(_host.Machine.Files.Exists("/tmp/a"));
        Assert.False(_host.Machine.Files.Exists("/root/client.cfg"));
    }

    [Fact]
    public async Task An_option_that_is_not_there_is_refused_and_never_passed_over()
    {
        CommandResult result = await _host.RunAsync("rm", "-i", "/root/client.cfg");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("-i", result.StandardError, StringComparison.Ordinal);
        Assert.True(_host.Machine.Files.Exists("/root/client.cfg"));
    }

    [Fact]
    public async Task Modules_are_loaded_and_unloaded_with_their_drivers()
    {
        Assert.Equal(0, (await _host.RunAsync("modprobe", "-a", "vfio-pci", "loop")).ExitCode);
        Assert.True(_host.Machine.Files.Exists("/sys/bus/pci/drivers/vfio-pci/bind"));
        Assert.Contains("loop ", await _host.ReadAsync("/proc/modules"), StringComparison.Ordinal);

        Assert.Equal(0, (await _host.RunAsync("modprobe", "-r", "e1000")).ExitCode);
        Assert.Null(_host.DriverOf("0000:00:11.0"));
        Assert.False(_host.Machine.Files.Exists("/sys/bus/pci/drivers/e1000"));
        Assert.Equal(0, (await _host.RunAsync("modprobe", "e1000")).ExitCode);
        Assert.Equal("e1000", _host.DriverOf("0000:00:11.0"));
    }

    [Fact]
    public async Task The_kernel_tells_what_pciback_did()
    {
        using TestMachine host = new(DefaultHost.Create());
        await host.SeizeAsync("0000:06:01.0");

        Assert.Contains(
            "pciback 0000:06:01.0: xen_pciback: seizing device\n", (await host.RunAsync("dmesg")).StandardOutput, StringComparison.Ordinal);
    }

    private static async Task<CommandResult> RealAsync(string program, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LC_ALL"] = "C" },
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new CommandResult(process.ExitCode, await output, await errors);
    }
}
