using System.Text.Json;
using XenDriverDomain.Access;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Simulation.Tests.WholeHost;

/// <summary>xl itself: its words and exit codes are those of Xen 4.17 on the lab host.</summary>
public sealed class XlTests
{
    [Fact]
    public async Task WhatXlMadeAssignableIsGivenBackByUs()
    {
        await using SimulatedHost host = new();
        PciAddress card = PciAddress.Parse("00:12.0");
        Assert.Equal(new CommandResult(0, string.Empty, string.Empty), await host.XlAsync("pci-assignable-add", "00:12.0"));
        PciDevice device = await host.Session.Pci.GetAsync(card, default);
        Assert.Equal((PciDeviceState.Assignable, "8139cp"), (device.State, device.OriginalDriver));
        Assert.Equal("8139cp", (await host.GiveBackAsync(card)).Driver);
        Assert.Empty((await host.XlAsync("pci-assignable-list")).StandardOutput);
    }

    [Fact]
    public async Task WhatWeMadeAssignableIsGivenBackByXl()
    {
        await using SimulatedHost host = new();
        PciAddress card = PciAddress.Parse("00:12.0");
        await host.AddAsync(card);
        Assert.Equal("0000:00:12.0 \n", (await host.XlAsync("pci-assignable-list")).StandardOutput);
        CommandResult removed = await host.XlAsync("pci-assignable-remove", "-r", "00:12.0");
        Assert.Equal(0, removed.ExitCode);
        Assert.Equal(
            "libxl: info: libxl_pci.c:925:libxl__device_pci_assignable_remove: Rebinding to driver at /sys/bus/pci/drivers/8139cp\n",
            removed.StandardError);
        Assert.Equal("8139cp", (await host.Session.Pci.GetAsync(card, default)).Driver);
    }

    [Theory]
    [InlineData("pci-assignable-add 0000:00:1e.7", 1, "libxl: error: libxl_pci.c:792:libxl__device_pci_assignable_add: Couldn't lstat /sys/bus/pci/devices/0000:00:1e.7: No such file or directory\n")]
    [InlineData("pci-assignable-add nonsense", 2, "pci-assignable-add: malformed BDF \"nonsense\"\n")]
    [InlineData("pci-assignable-add", 2, "'xl pci-assignable-add' requires at least 1 argument.\n\n")]
    [InlineData("pci-assignable-remove 0000:01:00.0", 1, "libxl: error: libxl_pci.c:906:libxl__device_pci_assignable_remove: failed to de-quarantine 0000:01:00.0\n")]
    [InlineData("domid nobody", 1, "Can't get domid of domain name 'nobody', maybe this domain does not exist.\n")]
    [InlineData("destroy nobody", 1, "nobody is an invalid domain identifier (rc=-6)\n")]
    [InlineData("network-detach nobody 0", 1, "nobody is an invalid domain identifier (rc=-6)\n")]
    [InlineData("create /root/missing.cfg", 3, "Failed to read config file: /root/missing.cfg: No such file or directory\n")]
    [InlineData("nonsense", 1, "command not implemented\n")]
    public async Task ItFailsInItsOwnWords(string arguments, int exitCode, string words)
    {
        await using SimulatedHost host = new();
        CommandResult result = await host.XlAsync(arguments.Split(' '));
        Assert.Equal((exitCode, words), (result.ExitCode, result.StandardError));
    }

    [Fact]
    public async Task ADomainOfTheSameNameIsNotCreatedTwice()
    {
        await using SimulatedHost host = new();
        Assert.Equal("Parsing config from /root/client.cfg\n", (await host.XlAsync("create", "/root/client.cfg")).StandardError);
        CommandResult again = await host.XlAsync("create", "-q", "/root/client.cfg");
        Assert.Equal(3, again.ExitCode);
        Assert.Equal(
            """
            libxl: error: libxl_domain.c:81:libxl__domain_rename: Domain 2:Domain with name "fe1" already exists.
            libxl: error: libxl_create.c:1296:initiate_domain_create: Domain 2:cannot make domain: -6
            libxl: error: libxl_domain.c:1183:libxl__destroy_domid: Domain 2:Non-existant domain
            libxl: error: libxl_domain.c:1137:domain_destroy_callback: Domain 2:Unable to destroy guest
            libxl: error: libxl_domain.c:1064:domain_destroy_cb: Domain 2:Destruction of domain failed

            """,
            again.StandardError);
    }

    [Fact]
    public async Task ADeviceThatIsNotAssignableFailsTheCreation()
    {
        await using SimulatedHost host = new();
        host.Dom0.Machine.Files.Put("/root/dd.cfg", "name = \"dd\"\nkernel = \"/root/vmlinuz\"\nmemory = 128\npci = [ \"00:10.0\" ]\n");
        CommandResult result = await host.XlAsync("create", "-q", "/root/dd.cfg");
        Assert.Equal(3, result.ExitCode);
        Assert.StartsWith(
            """
            libxl: error: libxl_pci.c:1677:libxl__device_pci_add: Domain 1:PCI device 0:0:10.0 is not assignable
            libxl: error: libxl_pci.c:1809:device_pci_add_done: Domain 1:libxl__device_pci_add failed for PCI device 0:0:10.0 (rc -3)
            libxl: error: libxl_create.c:1921:domcreate_attach_devices: Domain 1:unable to add pci devices

            """,
            result.StandardError,
            StringComparison.Ordinal);
        Assert.DoesNotContain("dd", (await host.XlAsync("list")).StandardOutput, StringComparison.Ordinal);
        Assert.DoesNotContain(
            host.Tree(),
            l => l.StartsWith("/local/domain/1", StringComparison.Ordinal) || l.StartsWith("/libxl/1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WithoutDevdTheDestructionOfAClientTakesLongAndSaysSo()
    {
        await using SimulatedHost host = new();
        await host.AddAsync();
        host.Dom0.Machine.Files.Put(
            "/root/dd.cfg",
            "name = \"netdd\"\nkernel = \"/root/vmlinuz\"\nextra = \"role=dd devd=0\"\nmemory = 128\ndriver_domain = 1\n"
                + "pci = [ \"00:10.0\" ]\n");
        Assert.Equal(0, (await host.XlAsync("create", "/root/dd.cfg")).ExitCode);
        await Task.Delay(TimeSpan.FromSeconds(5), host.Dom0.Time);
        await host.StartClientAsync();
        Assert.Equal(0, (await host.XlAsync("network-attach", "fe1", "backend=netdd", "bridge=xenbr0")).ExitCode);
        TimeSpan begun = host.Dom0.Time.Elapsed;
        CommandResult destroyed = await host.XlAsync("destroy", "fe1");
        Assert.InRange((host.Dom0.Time.Elapsed - begun).TotalSeconds, 10, 12);
        Assert.Equal(0, destroyed.ExitCode);
        Assert.Equal(
            """
            libxl: error: libxl_device.c:1375:device_destroy_be_watch_cb: Domain 2:timed out while waiting for /local/domain/1/backend/vif/2/0 to be removed
            libxl: error: libxl_domain.c:1530:devices_destroy_cb: Domain 2:libxl__devices_destroy failed

            """,
            destroyed.StandardError);
    }

    [Fact]
    public async Task ADomainThatIsNoDriverDomainTakesNoVif()
    {
        await using SimulatedHost host = new();
        await host.StartClientAsync();
        host.Dom0.Machine.Files.Put("/root/fe2.cfg", "name = \"fe2\"\nkernel = \"/root/vmlinuz\"\nextra = \"role=client\"\nmemory = 128\n");
        await host.XlAsync("create", "/root/fe2.cfg");
        CommandResult attached = await host.XlAsync("network-attach", "fe1", "mac=00:16:3e:00:00:06", "bridge=xenbr0", "backend=fe2");
        Assert.Equal(1, attached.ExitCode);
        Assert.Equal(
            """
            libxl: error: libxl_device.c:1181:device_backend_callback: Domain 1:unable to add device with path /local/domain/2/backend/vif/1/0
            libxl: error: libxl_device.c:1481:device_addrm_aocomplete: Domain 1:Unable to add vif with id 0
            libxl_device_nic_add failed.

            """,
            attached.StandardError);
        Assert.Equal(
            "0   2  00:16:3e:00:00:06     0     1     -1    -1/-1          /local/domain/2/backend/vif/1/0",
            (await host.XlAsync("network-list", "fe1")).StandardOutput.Split('\n')[1].TrimEnd());
    }

    [Fact]
    public async Task TheTreeOfAClientIsThatOfTheLab()
    {
        await using SimulatedHost host = new();
        await host.ServeAsync();
        string[] frontend = [.. host.Tree().Where(l => l.StartsWith("/local/domain/1/device/vif/0/", StringComparison.Ordinal))
            .Select(l => l["/local/domain/1/device/vif/0/".Length..].Split(' ')[0]).Order(StringComparer.Ordinal)];
        Assert.Equal(
            [
                "backend", "backend-id", "event-channel-rx", "event-channel-tx", "feature-gso-tcpv4", "feature-gso-tcpv6",
                "feature-ipv6-csum-offload", "feature-rx-notify", "feature-sg", "handle", "mac", "mtu", "multi-queue-num-queues",
                "request-rx-copy", "rx-ring-ref", "state", "trusted", "tx-ring-ref", "xdp-headroom",
            ],
            frontend);
        Assert.Contains("/libxl/1/device/vif/0/hotplug-status = ", host.Tree());
        Assert.Contains("/local/domain/2/backend/vif/1/0/hotplug-status = connected", host.Tree());
        Assert.Contains("/local/domain/0/backend/pci/2/0/vdev-0 = 0000:00:00.00", host.Tree());
        Assert.Equal("n1,r2", string.Join(',', host.Dom0.Store.GetPermissions(0, "/local/domain/1/device/vif/0/state")!));
        Assert.Equal("n2,r1", string.Join(',', host.Dom0.Store.GetPermissions(0, "/local/domain/1/device/vif/0/mtu")!));
        Assert.Equal("n2,r1", string.Join(',', host.Dom0.Store.GetPermissions(0, "/local/domain/2/backend/vif/1/0/state")!));
        Assert.Equal("n0,r2", string.Join(',', host.Dom0.Store.GetPermissions(0, "/local/domain/2/backend/vif/1")!));
    }

    [Fact]
    public async Task PciDevicesAreHotPlugged()
    {
        await using SimulatedHost host = new();
        await host.AddAsync();
        await host.NewAsync();
        await host.XlAsync("pci-assignable-add", "00:11.0");
        Assert.Equal(0, (await host.XlAsync("pci-attach", "netdd", "00:11.0")).ExitCode);
        Assert.Equal("Vdev Device\n00.0 0000:00:10.0\n00.0 0000:00:11.0\n", (await host.XlAsync("pci-list", "netdd")).StandardOutput);
        Assert.Empty((await host.XlAsync("pci-assignable-list")).StandardOutput);
        Assert.Equal(0, (await host.XlAsync("pci-detach", "netdd", "00:11.0")).ExitCode);
        Assert.Equal("Vdev Device\n00.0 0000:00:10.0\n", (await host.XlAsync("pci-list", "netdd")).StandardOutput);
        Assert.Equal("0000:00:11.0 \n", (await host.XlAsync("pci-assignable-list")).StandardOutput);
    }

    [Fact]
    public async Task SeveralVifsComeAndGoTogether()
    {
        await using SimulatedHost host = new();
        await host.AddAsync();
        await host.NewAsync();
        host.Dom0.Machine.Files.Put(
            "/root/two.cfg",
            "name = \"two\"\nkernel = \"/root/vmlinuz\"\nextra = \"role=client\"\nmemory = 128\n"
                + "vif = [ \"backend=netdd\", \"backend=netdd\" ]\n");
        Assert.Equal(new CommandResult(0, string.Empty, string.Empty), await host.XlAsync("create", "-q", "/root/two.cfg"));
        Assert.Equal(3, (await host.XlAsync("network-list", "two")).StandardOutput.TrimEnd().Split('\n').Length);
        Assert.Equal(new CommandResult(0, string.Empty, string.Empty), await host.XlAsync("destroy", "two"));
        Assert.DoesNotContain(host.Tree(), l => l.Contains("/vif/2", StringComparison.Ordinal));

        // The clock is free again: an hour passes at once.
        await Task.Delay(TimeSpan.FromHours(1), host.Dom0.Time).WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task TheLongListIsJson()
    {
        await using SimulatedHost host = new();
        await host.ServeAsync();
        using JsonDocument list = JsonDocument.Parse((await host.XlAsync("list", "-l", "netdd")).StandardOutput);
        JsonElement domain = Assert.Single(list.RootElement.EnumerateArray());
        Assert.Equal(2, domain.GetProperty("domid").GetInt32());
        Assert.Equal("netdd", domain.GetProperty("config").GetProperty("c_info").GetProperty("name").GetString());

        // Fields that are zero are left out, as xl does it.
        JsonElement card = Assert.Single(domain.GetProperty("config").GetProperty("pcidevs").EnumerateArray());
        Assert.Equal(16, card.GetProperty("dev").GetInt32());
        Assert.False(card.TryGetProperty("bus", out _));
    }

    [Fact]
    public async Task APromptTakesACommandLine()
    {
        await using SimulatedHost host = new();
        Assert.Equal("pv hvm hvm_directio pv_directio hap gnttab-v1 gnttab-v2\n", host.Dom0.Run("xl info virt_caps").StandardOutput);
        Assert.Contains("Domain-0", host.Dom0.Run("xl list 'Domain-0'").StandardOutput, StringComparison.Ordinal);
    }
}
