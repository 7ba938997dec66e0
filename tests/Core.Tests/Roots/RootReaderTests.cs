using XenDriverDomain.Errors;
using XenDriverDomain.Roots;

namespace XenDriverDomain.Tests.Roots;

/// <summary>A root is read as if it were <c>/</c>, in few round trips.</summary>
public class RootReaderTests
{
    [Fact]
    public async Task An_absolute_link_leads_to_the_roots_own_file_and_not_to_dom0s()
    {
        RootHost host = new("debian-12");
        host.Files.Link(RootHost.Root + "/etc/modules-load.d/x.conf", "/etc/secret.conf").Put("/etc/secret.conf", "dom0's own");
        host.Files.Link(RootHost.Root + "/etc/network/interfaces.d/y", "/etc/y").Put(RootHost.Root + "/etc/y", "the root's own");
        RootTree tree = await host.ReadTreeAsync();
        Assert.Null(tree.Text("/etc/modules-load.d/x.conf"));
        Assert.False(tree.Exists("/etc/modules-load.d/x.conf"));
        Assert.True(tree.HasName("/etc/modules-load.d/x.conf"));
        Assert.Equal("the root's own", tree.Text("/etc/network/interfaces.d/y"));
    }

    [Fact]
    public async Task A_folder_that_is_an_absolute_link_is_one_of_the_root()
    {
        RootHost host = new("debian-12");
        host.Files.Remove(RootHost.Root + "/etc/xen").Link(RootHost.Root + "/etc/xen", "/opt/xen/etc")
            .Put(RootHost.Root + "/opt/xen/etc/scripts/vif-bridge", "#!/bin/bash").Put("/opt/xen/etc/scripts/block", "dom0's own");
        RootTree tree = await host.ReadTreeAsync();
        Assert.True(tree.Exists("/etc/xen/scripts/vif-bridge"));
        Assert.False(tree.Exists("/etc/xen/scripts/block"));
        Assert.Equal(["/opt/xen/etc/scripts/vif-bridge"], tree.Match("/etc/xen/scripts/*"));
        Assert.Equal("/mnt/root/opt/xen/etc/scripts/new", tree.OnHost("/etc/xen/scripts/new"));
    }

    [Fact]
    public async Task No_link_leads_above_the_root()
    {
        RootHost host = new("debian-12");
        host.Files.Remove(RootHost.Root + "/etc/xen").Link(RootHost.Root + "/etc/xen", "../../../etc/xen")
            .Put("/etc/xen/scripts/vif-nat", "dom0's own");
        RootTree tree = await host.ReadTreeAsync();
        Assert.Empty(tree.Match("/etc/xen/scripts/*"));
        Assert.Equal("/mnt/root/etc", tree.OnHost("/usr/../../../etc"));
    }

    [Fact]
    public async Task Links_that_lead_in_a_circle_lead_nowhere()
    {
        RootHost host = new("debian-12");
        host.Files.Link(RootHost.Root + "/usr/bin/xenstore-ls", "xenstore-rm").Link(RootHost.Root + "/usr/bin/xenstore-rm", "xenstore-ls");
        RootTree tree = await host.ReadTreeAsync();
        Assert.True(tree.Exists("/usr/bin/xenstore-read"));
        Assert.False(tree.Exists("/usr/bin/xenstore-ls"));
        Assert.Equal(
            ErrorIds.RootNotRecognised,
            Assert.Throws<XenDriverDomainException>(() => tree.OnHost("/usr/bin/xenstore-ls/x")).ErrorId);
    }

    [Fact]
    public async Task A_distributions_root_takes_at_most_four_round_trips()
    {
        RootHost host = new("debian-12");
        await host.ReadTreeAsync();
        Assert.InRange(host.Files.Calls.Count, 2, 4);
    }

    [Fact]
    public async Task Names_that_cannot_be_asked_for_are_passed_over()
    {
        RootHost host = new("debian-12");
        host.Files.Put(RootHost.Root + "/etc/modules-load.d/a b.conf", "xen-netback")
            .Put(RootHost.Root + "/etc/modules-load.d/c.conf", "loop")
            .Put(RootHost.Root + "/etc/network/interfaces.d/bridge~", "iface xenbr0 inet manual")
            .Link(RootHost.Root + "/etc/rc2.d/S10$x", "a b");
        RootTree tree = await host.ReadTreeAsync();
        Assert.Null(tree.Text("/etc/modules-load.d/a b.conf"));
        Assert.Equal("loop", tree.Text("/etc/modules-load.d/c.conf"));
        Assert.Null(tree.Text("/etc/network/interfaces.d/bridge~"));
    }

    [Fact]
    public async Task A_long_text_is_read_to_its_end()
    {
        RootHost host = new("debian-12");
        host.Files.Put(RootHost.Root + "/etc/modules", string.Concat(Enumerable.Repeat("# a comment of a line\n", 400)) + "xen-netback\n");
        Assert.Contains("xen-netback", (await host.ReadTreeAsync()).Text("/etc/modules"), StringComparison.Ordinal);
    }
}
