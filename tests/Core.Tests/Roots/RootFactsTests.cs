using XenDriverDomain.Roots;

namespace XenDriverDomain.Tests.Roots;

/// <summary>What is seen of roots of several distributions.</summary>
public class RootFactsTests
{
    [Theory]
    [InlineData(
        "debian-12", RootLibC.Glibc, RootInit.Systemd, RootNetwork.IfUpDown, "4.17", "6.1.0-49-amd64", "Debian GNU/Linux 12 (bookworm)")]
    [InlineData("alpine", RootLibC.Musl, RootInit.OpenRC, RootNetwork.Service, "", "6.6.52-0-virt", "Alpine Linux v3.20")]
    [InlineData(
        "fedora", RootLibC.Glibc, RootInit.Systemd, RootNetwork.Service, "4.19", "6.11.4-301.fc41.x86_64",
        "Fedora Linux 41 (Cloud Edition)")]
    [InlineData("opensuse", RootLibC.Glibc, RootInit.Systemd, RootNetwork.Networkd, "", "6.4.0-default", "openSUSE Leap 15.6")]
    [InlineData("sysvinit", RootLibC.Glibc, RootInit.SysVInit, RootNetwork.Service, "4.17", "5.10.0", "Devuan GNU/Linux 5")]
    public async Task Each_is_known(
        string recording, RootLibC libc, RootInit init, RootNetwork network, string xen, string kernel, string distribution)
    {
        RootFacts facts = await new RootHost(recording).ReadAsync();
        Assert.Equal(libc, facts.LibC);
        Assert.Equal(init, facts.Init);
        Assert.Equal(network, facts.Network);
        Assert.Equal(xen, string.Join(' ', facts.XenVersions));
        Assert.Equal([kernel], facts.Kernels);
        Assert.Equal(distribution, facts.Distribution);
    }

    [Theory]
    [InlineData("debian-12", "xendomains xen")]
    [InlineData("alpine", "")]
    [InlineData("fedora", "xenstored xenconsoled")]
    [InlineData("sysvinit", "xencommons")]
    public async Task What_belongs_into_dom0_is_found_where_it_is_started(string recording, string services) =>
        Assert.Equal(services, string.Join(' ', (await new RootHost(recording).ReadAsync()).OfDom0.Select(one => one.Service)));

    [Theory]
    [InlineData("auto xenbr0\niface xenbr0 inet manual\n", true)]
    [InlineData("iface xenbr1 inet manual\n", false)]
    [InlineData("# iface xenbr0 inet manual\n", false)]
    public async Task A_bridge_of_ifupdowns_is_seen(string text, bool isThere)
    {
        RootHost host = new("debian-12");
        host.Files.Put(RootHost.Root + "/etc/network/interfaces.d/bridge", text);
        Assert.Equal(isThere, (await host.ReadAsync()).HasBridge("xenbr0"));
    }

    [Fact]
    public async Task A_bridge_of_networkds_needs_a_card_in_it()
    {
        RootHost host = new("opensuse");
        host.Files.Put(RootHost.Root + "/etc/systemd/network/a.netdev", "[NetDev]\nName=xenbr0\nKind=bridge\n");
        Assert.False((await host.ReadAsync()).HasBridge("xenbr0"));
        host.Files.Put(RootHost.Root + "/etc/systemd/network/a.network", "[Match]\nName=en*\n[Network]\nBridge=xenbr0\n");
        Assert.True((await host.ReadAsync()).HasBridge("xenbr0"));
        Assert.False((await host.ReadAsync()).HasBridge("xenbr1"));
    }

    [Fact]
    public async Task Interfaces_that_are_not_taken_in_are_not_ifupdowns()
    {
        RootHost host = new("debian-12");
        host.Files.Put(RootHost.Root + "/etc/network/interfaces", "auto lo\niface lo inet loopback\n");
        Assert.Equal(RootNetwork.Service, (await host.ReadAsync()).Network);
    }
}
