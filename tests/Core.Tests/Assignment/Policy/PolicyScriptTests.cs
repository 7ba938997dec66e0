using System.Diagnostics;
using XenDriverDomain.Assignment.Policy;

namespace XenDriverDomain.Tests.Assignment.Policy;

/// <summary>
/// The script that applies the policy at boot, on a folder that looks like pciback's. A store there leaves what was stored last.
/// </summary>
public sealed class PolicyScriptTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("xdd");

    public PolicyScriptTests()
    {
        File.WriteAllText(At("script"), Resource("apply-pci-policy"));
        Store("permissive", string.Empty);
        Store("quirks", string.Empty);
        Directory.CreateDirectory(At("run"));
        Seize("0000:03:00.0", "0x14e4", "0x1645", "0x1028", "0x00ab");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("permissive 14e4:1645")]
    [InlineData("permissive 14e4:1645:1028:00ab")]
    [InlineData("permissive 14e4:1645:ffff:00ab")]
    [InlineData("permissive 14e4:1645:1028:ffff")]
    [InlineData("permissive 0000:03:00.0   # a name")]
    [InlineData("# first\n\n\tpermissive\t14e4:1645")]
    public void A_rule_for_a_device_is_applied(string policy)
    {
        Assert.Equal(0, Run(policy));
        Assert.Equal("0000:03:00.0", Read("permissive"));
        Assert.Empty(Read("quirks"));
    }

    [Theory]
    [InlineData("permissive 14e4:1646\n")]
    [InlineData("permissive 14e4:1645:ffff:00ac\n")]
    [InlineData("permissive 0000:03:00.1\n")]
    [InlineData("# permissive 14e4:1645\n")]
    [InlineData("allow 14e4:1645\n")]
    [InlineData("")]
    public void Other_rules_are_not(string policy)
    {
        Assert.Equal(0, Run(policy));
        Assert.Empty(Read("permissive"));
    }

    [Fact]
    public void A_field_is_written_as_pciback_wants_it()
    {
        Assert.Equal(0, Run("quirk 14e4:1645 00000078:4:00000000\n"));
        Assert.Equal("0000:03:00.0-00000078:4:00000000", Read("quirks"));
    }

    [Fact]
    public void What_pciback_took_is_written_down_for_this_binding()
    {
        Assert.Equal(0, Run("quirk 14e4:1645 00000078:4:00000000\nquirk 0000:03:00.0 0000007c:2:00000000\npermissive 14e4:1645\n"));
        string[] lines = Read("../run/xen-pci-policy/0000:03:00.0").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["00000078:4:00000000", "0000007c:2:00000000"], lines[1..]);
        Assert.True(FieldsRecord.TryReadBinding(lines[0], out long inode) && inode > 0);
        FieldsRecord? record = FieldsRecord.TryReadScript("/run/xen-pci-policy/0000:03:00.0", string.Join('\n', lines));
        Assert.Equal((inode, 2), (record!.Binding, record.Fields.Count));
        Assert.All(record.Fields, field => Assert.Equal(PciQuirkSource.Policy, field.Source));
    }

    [Fact]
    public void What_pciback_refused_is_not_written_down_and_no_place_for_it_is_no_failure()
    {
        File.Delete(At("driver/quirks"));
        Directory.CreateDirectory(At("driver/quirks"));
        Assert.Equal(1, Run("quirk 14e4:1645 78:4:0\n"));
        Assert.False(Directory.Exists(At("run/xen-pci-policy")));

        Directory.Delete(At("driver/quirks"));
        Store("quirks", string.Empty);
        Store("../run/xen-pci-policy", "in the way");
        Assert.Equal(0, Run("quirk 14e4:1645 78:4:0\n"));
    }

    [Fact]
    public void Only_the_device_that_is_named_is_touched_and_a_name_that_is_none_is_refused()
    {
        Seize("0000:04:00.0", "0x14e4", "0x1645", "0x1028", "0x00ab");
        Assert.Equal(0, Run("permissive 14e4:1645\n", "0000:03:00.0"));
        Assert.Equal("0000:03:00.0", Read("permissive"));
        Assert.Equal(2, Run("permissive 14e4:1645\n", "../../etc"));
    }

    [Fact]
    public void What_pciback_refuses_is_told_by_the_exit_code()
    {
        File.Delete(At("driver/quirks"));
        Directory.CreateDirectory(At("driver/quirks"));
        Assert.Equal(1, Run("quirk 14e4:1645 78:4:0\npermissive 14e4:1645\n"));
        Assert.Equal("0000:03:00.0", Read("permissive"));
    }

    [Fact]
    public void A_device_that_pciback_is_still_resetting_is_waited_for_where_udev_tells_of_it()
    {
        File.Delete(At("driver/quirks"));
        Directory.CreateDirectory(At("driver/quirks"));

        // The wait is when pciback gets ready.
        Store("../bin/sleep", $"#!/bin/sh\nexec rmdir '{At("driver/quirks")}'\n");
        File.SetUnixFileMode(At("bin/sleep"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.Equal(0, Run("quirk 14e4:1645 78:4:0\n", "0000:03:00.0"));
        Assert.Equal("0000:03:00.0-78:4:0", Read("quirks"));
    }

    [Theory]
    [InlineData("apply-pci-policy")]
    [InlineData("xen-pci-policy.init")]
    public void The_scripts_are_for_any_shell(string name)
    {
        File.WriteAllText(At("script"), Resource(name));
        using Process check = Process.Start("sh", ["-n", At("script")]);
        check.WaitForExit();
        Assert.Equal(0, check.ExitCode);
        Assert.DoesNotContain("[[", Resource(name), StringComparison.Ordinal);
    }

    [Fact]
    public void The_unit_comes_before_the_guests() =>
        Assert.Contains("\nBefore=xendomains.service\n", Resource("xen-pci-policy.service"), StringComparison.Ordinal);

    private static string Resource(string name)
    {
        using StreamReader reader = new(typeof(PciPolicies).Assembly.GetManifestResourceStream("policy/" + name)!);
        return reader.ReadToEnd();
    }

    private int Run(string policy, params string[] arguments)
    {
        File.WriteAllText(At("policy"), policy);
        ProcessStartInfo start = new("sh", [At("script"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["XEN_PCI_POLICY"] = At("policy");
        start.Environment["XEN_PCI_DRIVER"] = At("driver");
        start.Environment["XEN_PCI_RUN"] = At("run");
        start.Environment["PATH"] = $"{At("bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.DoesNotContain("syntax", errors.Result, StringComparison.OrdinalIgnoreCase);
        return process.ExitCode;
    }

    private void Seize(string address, string vendor, string device, string subvendor, string subdevice)
    {
        Store($"{address}/vendor", vendor + "\n");
        Store($"{address}/device", device + "\n");
        Store($"{address}/subsystem_vendor", subvendor + "\n");
        Store($"{address}/subsystem_device", subdevice + "\n");
    }

    private void Store(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At("driver/" + name))!);
        File.WriteAllText(At("driver/" + name), text);
    }

    private string Read(string name) => File.ReadAllText(At("driver/" + name));

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
