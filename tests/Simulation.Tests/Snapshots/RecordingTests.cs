using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.Simulation.Files;
using XenDriverDomain.Simulation.Tests.WholeHost;
using XenDriverDomain.Snapshots;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Simulation.Tests.Snapshots;

/// <summary>What a recording has, and what it must not have.</summary>
public sealed class RecordingTests
{
    private const string Secret = "hunter2";

    [Fact]
    public async Task Passwords_stay_on_the_host()
    {
        await using SimulatedHost host = await RecordedHost.ServingAsync();
        IReadOnlyList<string> ids = host.Dom0.Store.List(0, "/local/domain")!;
        string guest = ids[^1];
        foreach (string path in (string[])
        [
            $"/local/domain/0/backend/vfb/{guest}/0/vncpasswd", $"/local/domain/{guest}/console/vnc-pass",
            $"/libxl/{guest}/device/vfb/0/VNCPasswd",
            "/vm/0/spice-passwd", $"/local/domain/{guest}/data/token", $"/local/domain/{guest}/guest/agent",
            $"/local/domain/0/device-model/{guest}/queue", "/tool/elsewhere-passwd", "/xapi/key",
        ])
        {
            host.Dom0.Store.Write(0, path, Secret);
        }

        host.Dom0.Store.Write(0, $"/local/domain/0/backend/vbd/{guest}/0/params", $"iqn=x,password={Secret},y");
        host.Dom0.Machine.Files.Put("/etc/xen/driver-domains/other.cfg", $"name = \"other\"\nvncpasswd = \"{Secret}\"\n");
        HostSnapshot snapshot = await host.Session.Recorder.RecordAsync(default);
        Assert.DoesNotContain(Secret, RecordedHost.Text(snapshot), StringComparison.OrdinalIgnoreCase);
        Assert.Contains(snapshot.LeftOut, one => one.What == "passwords in xenstore" && one.Count >= 4);
        Assert.Contains(snapshot.LeftOut, one => one.What == "words of configuration files");
        Assert.Contains(snapshot.LeftOut, one => one.What.StartsWith("what guests keep for themselves", StringComparison.Ordinal));
        Assert.Contains("name = \"other\"", snapshot.Files["/etc/xen/driver-domains/other.cfg"].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_full_of_secrets_gives_none_of_them_away_and_its_copy_behaves_as_it_does()
    {
        await using SimulatedHost host = await RecordedHost.ServingAsync();
        List<string> secrets = [];
        string New()
        {
            // Words that nothing but the host has.
            secrets.Add($"sx{Guid.NewGuid():N}"[..14]);
            return secrets[^1];
        }

        IReadOnlyList<string> ids = host.Dom0.Store.List(0, "/local/domain")!;
        string guest = ids[^1];
        var files = host.Dom0.Machine.Files;
        files.Put("/etc/xen/driver-domains/full.cfg", string.Join('\n',
        [
            $"# wlan {New()}", "name = \"full\"", "type = \"pv\"", "memory = 256", "kernel = \"/root/vmlinuz\"",
            $"extra = \"console=hvc0 role=dd psk={New()} rootpw={New()} pwd={New()} wpa={New()} {New()}\" # {New()}",
            $"disk = [ 'format=raw,vdev=xvda,access=rw,target=rbd:pool/image:id={New()}:key={New()}', # {New()}",
            $"         'vdev=xvdb,script=block-iscsi,target=iqn=a,user={New()},pw={New()}' ]",
            $"bootloader_args = [ '-q', '--args={New()}', '{New()}' ]", $"device_model_args = [ '-x', '{New()}' ]",
            $"vfb = [ 'vnc=1,vncpasswd={New()},answer={New()}' ]", $"vncpasswd = '{New()}'", $"spicepasswd = '{New()}'",
            $"vif = [ 'bridge=xenbr0,wlan={New()}' ]", $"smbios = [ 'system_serial_number={New()}' ]", $"anything = '{New()}'", "",
        ]));
        string grub = host.Dom0.Run("cat /etc/default/grub").StandardOutput;
        files.Put("/etc/default/grub", $"{grub.TrimEnd('\n')}\n# {New()}\n#GRUB_CMDLINE_LINUX=\"psk={New()}\"\nGRUB_ANSWER=\"{New()}\"\n"
            + $"GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX ip={New()} psk={New()}\"\nGRUB_CMDLINE_XEN=\"dom0_mem=1G answer={New()}\"\n");
        files.Put("/etc/modprobe.d/full.conf", $"# {New()}\noptions wlan psk={New()}\noptions xen-pciback hide=(00:12.0) answer={New()}\n");
        files.Put("/etc/xen/driver-domains/pci-policy.conf", $"# {New()}\nquirk 8086:10d3 00000078:4:00000000 # {New()}\n");
        foreach ((string path, string value) in (ValueTuple<string, string>[])
        [
            ($"/local/domain/0/backend/vbd/{guest}/0/params", $"rbd:pool/image:key={New()}"),
            ($"/local/domain/0/backend/vbd/{guest}/1/params", $"iqn=x,user={New()},pw={New()},{New()}"),
            ($"/local/domain/0/backend/vfb/{guest}/0/vncpasswd", New()), ($"/local/domain/0/backend/vbd/{guest}/0/auth-key", New()),
            ($"/vm/0/image/cmdline", $"role=client psk={New()} {New()}"), ($"/libxl/{guest}/pw", New()),
            ($"/local/domain/0/backend/vif/{guest}/9/hotplug-error", $"no password {New()}"),
        ])
        {
            host.Dom0.Store.Write(0, path, value);
        }

        HostSnapshot snapshot = await host.Session.Recorder.RecordAsync(default);

        using MemoryStream stream = new();
        snapshot.Write(stream);
        string text = Encoding.UTF8.GetString(stream.ToArray());
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase));
        Assert.True(secrets.Count > 30);

        // Of a comment and a line as a whole there is one count, whatever is in it.
        Assert.InRange(snapshot.LeftOut.Sum(one => one.Count), 30, 500);
        string[] full = snapshot.Files["/etc/xen/driver-domains/full.cfg"].Text.Split('\n');
        Assert.Contains("name = \"full\"", full);
        Assert.Contains("extra = \"console=hvc0 role=dd\" # left-out", full);
        Assert.Contains("disk = [ 'format=raw,vdev=xvda,access=rw,target=rbd:pool/image', # left-out", full);
        Assert.Contains("GRUB_CMDLINE_XEN=\"dom0_mem=1G\"", snapshot.Files["/etc/default/grub"].Text, StringComparison.Ordinal);
        Assert.Contains("options xen-pciback hide=(00:12.0)", snapshot.Files["/etc/modprobe.d/full.conf"].Text.Split('\n'));
        Assert.Equal("rbd:pool/image", snapshot.XenStore![$"/local/domain/0/backend/vbd/{guest}/0/params"]);
        await using RecordedHost copy = RecordedHost.Of(RecordedHost.ThroughJson(snapshot));

        // The host passes the other file over, since xl knows no vif key 'wlan'; left out with its value, it is not in the copy's way.
        DriverDomain served = Assert.Single(await host.Session.DriverDomains.ListAsync(default));
        DriverDomain copied = Assert.Single(await copy.Session.DriverDomains.ListAsync(default), domain => domain.Name == served.Name);
        Assert.Equal(served.Readiness, copied.Readiness);
        Assert.Contains("vif = [ 'bridge=xenbr0' ]", full);
    }

    [Fact]
    public async Task A_guest_cannot_fill_the_file()
    {
        await using SimulatedHost host = new();
        await host.StartClientAsync();
        string home = $"/local/domain/{host.Dom0.Store.List(0, "/local/domain")![^1]}";
        int domid = int.Parse(home.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture);
        host.Dom0.Store.SetPermissions(0, $"{home}/error", [new XenStorePermission(XenStoreAccess.None, domid)]);
        host.Dom0.Store.Write(0, $"{home}/error/device/vif/0/error", new string('x', 2000));
        for (int i = 0; i < 3000; i++)
        {
            host.Dom0.Store.Write(0, $"{home}/error/device/n{i}", "1");
        }

        HostSnapshot snapshot = await host.Session.Recorder.RecordAsync(default);
        Assert.DoesNotContain($"{home}/error/device/vif/0/error", snapshot.XenStore!.Keys);
        Assert.InRange(snapshot.XenStore.Keys.Count(path => path.StartsWith(home + "/", StringComparison.Ordinal)), 100, 1200);
        Assert.Contains(snapshot.LeftOut, one => one.What == "nodes of xenstore" && one.Count > 1000);
    }

    [Fact]
    public async Task Recording_twice_gives_the_same_while_a_client_is_served()
    {
        await using SimulatedHost host = await RecordedHost.ServingAsync();
        string first = RecordedHost.Text(await host.Session.Recorder.RecordAsync(default));
        await host.WaitForTrafficAsync();
        Assert.Equal(first, RecordedHost.Text(await host.Session.Recorder.RecordAsync(default)));
    }

    [Fact]
    public async Task A_change_shows_as_few_lines()
    {
        await using SimulatedHost host = new();
        string[] before = RecordedHost.Text(await host.Session.Recorder.RecordAsync(default)).Split('\n');
        await host.AddAsync();
        string[] after = RecordedHost.Text(await host.Session.Recorder.RecordAsync(default)).Split('\n');
        Assert.InRange(before.Except(after).Concat(after.Except(before)).Count(), 4, 40);
        Assert.Contains(after.Except(before), line => line.Contains("/libxl/pci/0000-00-10-0/driver_path", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_xl_and_xenstored_the_rest_is_recorded_and_simulated()
    {
        await using SimulatedHost host = new("lab", "xl:info:fail=1", "xl:list:fail=1");
        Dom0 ports = new(
            "broken",
            host.Session.Dom0.Files,
            host.Session.Dom0.Commands,
            host.Session.Dom0.XenStoreTransport,
            (_, _) => throw XenStoreTransportErrors.NobodyListens("/run/xenstored/socket"),
            host.Session.Dom0.Time);
        HostSnapshot snapshot = await new HostRecorder(ports, new Xl.XlTool(ports)).RecordAsync(default);
        Assert.Null(snapshot.XenStore);
        Assert.Null(snapshot.XlInfo);
        Assert.Contains(snapshot.LeftOut, one => one.What == "xenstore");
        await using RecordedHost copy = RecordedHost.Of(RecordedHost.ThroughJson(snapshot));
        Assert.Equal(
            (await host.Session.Pci.ListAsync(default)).Select(device => device.Address),
            (await copy.Session.Pci.ListAsync(default)).Select(device => device.Address));
    }

    [Fact]
    public async Task The_report_counts_what_there_is()
    {
        await using SimulatedHost host = new();
        SnapshotReport report = SnapshotReport.Of("lab", await host.Session.Recorder.RecordAsync(default));
        Assert.Equal((await host.Session.Pci.ListAsync(default)).Count, report.PciDeviceCount);
        Assert.Equal(1, report.DomainCount);
        Assert.True(report.FileCount > 100);
        Assert.True(report.XenStoreNodeCount > 10);
    }
}
