using XenDriverDomain.Access;
using XenDriverDomain.Backends;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.DriverDomains.Probe;
using XenDriverDomain.Errors;
using XenDriverDomain.Images;
using XenDriverDomain.Pci;
using XenDriverDomain.Reporting;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Tests.WholeHost;

/// <summary>From a bare card to a serving domain: the inside is made of what dom0 has.</summary>
public sealed class ImageTests
{
    private const string Folder = "/etc/xen/driver-domains/images";

    [Theory]
    [InlineData("lab", "00:10.0", "e1000e")]
    [InlineData("lab", "00:11.0", "e1000")]
    [InlineData("lab", "00:12.0", "8139cp,8139too")]
    [InlineData("default", "01:00.0", "i40e")]
    [InlineData("default", "06:01.0", "e1000")]
    public async Task ADriverDomainWithoutAKernelServesAndPacketsLeave(string name, string card, string drivers)
    {
        await using SimulatedHost host = new(name);
        DriverDomain domain = await NewAsync(host, [card]);
        Assert.Equal(ReadinessState.Serving, domain.Readiness);
        Assert.Equal(256, domain.MemoryMB);

        await ServeAsync(host);

        DriverDomainImage image = Assert.Single(await host.Session.Images.ListAsync(null, default));
        Assert.Equal(ImageState.Current, image.State);
        Assert.Equal(drivers, string.Join(',', image.Driver));
        Assert.Equal(["netdd"], image.UsedBy);
        Assert.Empty(await host.Session.Images.TestAsync(image.Id, default));
        string node = $"/local/domain/{domain.Domid}/data/driver-domain";
        Assert.Equal("running", host.Dom0.Store.Read(0, $"{node}/state"));
        Assert.Equal(image.Id, host.Dom0.Store.Read(0, $"{node}/image"));
        Assert.Equal(drivers.Split(',')[0], host.Dom0.Store.Read(0, $"{node}/card/0/driver"));
        Assert.Equal("xenbr0", host.Dom0.Store.Read(0, $"{node}/card/0/bridge"));
        Assert.Equal("running", host.Dom0.Store.Read(0, $"{node}/devd"));
        Assert.Null(host.Dom0.Store.Read(0, $"{node}/error"));
    }

    [Fact]
    public async Task TheHeartOfADriverDomainBeats()
    {
        await using SimulatedHost host = new();
        DriverDomain domain = await NewAsync(host);
        string node = $"/local/domain/{domain.Domid}/data/driver-domain/heartbeat";
        int before = int.Parse(host.Dom0.Store.Read(0, node)!, null);

        await Task.Delay(TimeSpan.FromSeconds(30), host.Dom0.Time);

        Assert.InRange(int.Parse(host.Dom0.Store.Read(0, node)!, null), before + 25, before + 35);
    }

    [Theory]
    [InlineData("00:10.0", "00:12.0")]
    [InlineData("00:15.0", "00:15.1")]
    public async Task TwoCardsAreInOneDomain(params string[] cards)
    {
        await using SimulatedHost host = new();
        DriverDomain domain = await NewAsync(host, cards);
        Assert.Equal(2, domain.PciDevice.Count);
        await ServeAsync(host);
        Assert.Equal("xenbr0", host.Dom0.Store.Read(0, $"/local/domain/{domain.Domid}/data/driver-domain/card/1/bridge"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TheSameAgainOnlyLooksWhetherItServes(bool starts)
    {
        await using SimulatedHost host = new();
        await host.AddAsync();
        await NewAsync(host, starts: starts);
        PlannedChange<DriverDomain> again = await PlanAsync(host, starts: starts);
        Assert.DoesNotContain(again.Plan.Steps, step => !step.Description.StartsWith("Wait until ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnInsideBridgesRoutesOrTagsAsItIsTold()
    {
        await using SimulatedHost host = new();
        DriverDomain domain = await NewAsync(
            host, inside: new InsideOptions { Vlan = 7, Mtu = 1400, Address = "192.0.2.5/24", Gateway = "192.0.2.1" }, bridge: "guests0");
        Assert.Equal("guests0", host.Dom0.Store.Read(0, $"/local/domain/{domain.Domid}/data/driver-domain/bridge"));
        Assert.Contains(
            "xdd.bridge=guests0 xdd.vlan=7 xdd.mtu=1400 xdd.address=192.0.2.5/24 xdd.gateway=192.0.2.1",
            host.Dom0.Machine.Files.Text("/etc/xen/driver-domains/netdd.cfg"), StringComparison.Ordinal);
        Assert.Contains("8021q", await ModulesAsync(host));
        await ServeAsync(host, "guests0");
    }

    [Theory]
    [InlineData(InsideForwarding.Route, "vif-route")]
    [InlineData(InsideForwarding.Nat, "vif-nat")]
    public async Task AnInsideThatForwardsHasNoBridge(InsideForwarding forwarding, string script)
    {
        await using SimulatedHost host = new();
        DriverDomain domain = await NewAsync(host, inside: new InsideOptions { Forwarding = forwarding, Address = "dhcp" });
        Assert.Null(host.Dom0.Store.Read(0, $"/local/domain/{domain.Domid}/data/driver-domain/bridge"));
        Assert.Null(host.Dom0.Store.Read(0, $"/local/domain/{domain.Domid}/data/driver-domain/card/0/bridge"));
        Assert.Equal(forwarding == InsideForwarding.Nat, (await ModulesAsync(host)).Contains("nft_masq", StringComparison.Ordinal));

        await host.StartClientAsync();
        Assert.Equal(0, (await host.XlAsync("network-attach", "fe1", $"backend=netdd,script={script}")).ExitCode);
        await host.WaitForTrafficAsync();
    }

    [Fact]
    public async Task AnInsideTellsOfItsCable()
    {
        await using SimulatedHost host = new();
        DriverDomain domain = await NewAsync(host);
        string node = $"/local/domain/{domain.Domid}/data/driver-domain/card/0/carrier";
        Assert.Equal("1", host.Dom0.Store.Read(0, node));

        host.Dom0.LinkDown("00:10.0");
        await Task.Delay(TimeSpan.FromSeconds(10), host.Dom0.Time);
        Assert.Equal("0", host.Dom0.Store.Read(0, node));
    }

    [Fact]
    public async Task DevdThatEndsIsStartedAgain()
    {
        await using SimulatedHost host = new();
        DriverDomain domain = await NewAsync(host);
        string node = $"/local/domain/{domain.Domid}/data/driver-domain";
        Assert.Equal("1", host.Dom0.Store.Read(0, $"{node}/devd-starts"));

        host.Dom0.Time.RunAsEvent(() =>
        {
            host.Dom0.World.Hypervisor.Find(domain.Domid!.Value)!.Kernel!.EndDevd();
            return domain;
        });
        await Task.Delay(TimeSpan.FromSeconds(10), host.Dom0.Time);

        Assert.Equal(("running", "2"), (host.Dom0.Store.Read(0, $"{node}/devd"), host.Dom0.Store.Read(0, $"{node}/devd-starts")));
        await ServeAsync(host);
    }

    [Theory]
    [InlineData("/usr/bin/bash", "bash", "Install bash.")]
    [InlineData("ip", "ip", "Install iproute2.")]
    [InlineData("/usr/bin/xenstore-write", "xenstore-write", "Install xen-utils-common and xenstore-utils.")]
    [InlineData("/usr/lib/xen-4.17/bin/xl", "xl", "Install xen-utils-common and xenstore-utils.")]
    [InlineData("/etc/xen/scripts/vif-bridge", "/etc/xen/scripts/vif-bridge", "Install xen-utils-common and xenstore-utils.")]
    [InlineData("libtinfo.so.6", "libtinfo.so.6, which /usr/bin/bash loads", "Install the package that /usr/bin/bash is from anew.")]
    public async Task WhatDom0LacksIsRefusedWithThePackageThatHasIt(string missing, string name, string remedy)
    {
        await using SimulatedHost host = new(LabHost.Create() with { Missing = [missing] });
        XenDriverDomainException error = await RefusalAsync(host);
        Assert.Equal(ErrorIds.ImagePartsMissing, error.ErrorId);
        Assert.Equal($"simulated lacks what the inside of a driver domain is made of: {name}.", error.Message);
        Assert.Equal(remedy, error.Remedy);
    }

    [Fact]
    public async Task AllThatDom0LacksIsInOneRefusal()
    {
        await using SimulatedHost host = new(
            LabHost.Create() with { Missing = ["bash", "ip", "busybox", "sed", "xl", "xen-pcifront", "vif-bridge"] });
        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(
            () => host.Session.Images.PlanNewAsync(new ImageRequest { PciDevice = [host.Card] }, default));
        Assert.Equal(ErrorIds.ImagePartsMissing, error.ErrorId);
        foreach (string part in (string[])["bash", "ip", "sed", "xl", "the module xen_pcifront", "/etc/xen/scripts/vif-bridge"])
        {
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        }

        foreach (string package in (string[])["Install bash.", "Install iproute2.", "Install sed.", "xen-utils-common", "6.1.0-56-amd64"])
        {
            Assert.Contains(package, error.Remedy, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("cat", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutBusyboxTheToolsAreThoseOfTheDistribution()
    {
        await using SimulatedHost host = new(LabHost.Create() with { Missing = ["busybox"] });
        Assert.Equal(ReadinessState.Serving, (await NewAsync(host)).Readiness);
        await ServeAsync(host);
    }

    [Fact]
    public async Task AModuleThatTheKernelHasNotIsRefused()
    {
        await using SimulatedHost host = new(LabHost.Create() with { Missing = ["xen_pcifront"] });
        XenDriverDomainException error = await RefusalAsync(host);
        Assert.Equal(ErrorIds.ImagePartsMissing, error.ErrorId);
        Assert.Contains("the module xen_pcifront", error.Message, StringComparison.Ordinal);
        Assert.Contains("6.1.0-56-amd64", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACardWithoutADriverIsRefused()
    {
        await using SimulatedHost host = new(LabHost.Create() with { Missing = ["e1000e"] });
        XenDriverDomainException error = await RefusalAsync(host);
        Assert.Equal(ErrorIds.ImageDriverNotFound, error.ErrorId);
        Assert.Contains("0000:00:10.0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AKernelThatIsNoFileIsRefused()
    {
        await using SimulatedHost host = new();
        Assert.True(host.Dom0.Machine.Files.Remove("/boot/vmlinuz-6.1.0-56-amd64"));
        XenDriverDomainException error = await RefusalAsync(host);
        Assert.Equal(ErrorIds.ImageKernelNotFound, error.ErrorId);
        Assert.Contains("/boot/vmlinuz-6.1.0-56-amd64", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ldd")]
    [InlineData("modinfo")]
    [InlineData("sha256sum")]
    [InlineData("wc")]
    public async Task AProgramThatTheLookNeedsIsNamedWhenItIsNotThere(string program)
    {
        await using SimulatedHost host = new(LabHost.Create() with { Missing = [$"/usr/bin/{program}", $"/usr/sbin/{program}"] });
        XenDriverDomainException error = await RefusalAsync(host);
        Assert.Equal(ErrorIds.ImageLookFailed, error.ErrorId);
        Assert.Contains(program, error.Message, StringComparison.Ordinal);
        Assert.Contains(program, error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALinkOfDom0sThatLeadsNowhereIsNamed()
    {
        await using SimulatedHost host = new();
        Assert.True(host.Dom0.Machine.Files.Remove("/usr/bin/ip"));
        XenDriverDomainException error = await RefusalAsync(host);
        Assert.Equal(ErrorIds.ImageLookFailed, error.ErrorId);
        Assert.Contains("/usr/bin/ip", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/boot/vmlinuz-6.1.0-56-amd64", false)]
    [InlineData("/boot/vmlinuz-6.1.0-56-amd64", true)]
    [InlineData("/usr/bin/bash", true)]
    public async Task WhatChangesWhileTheImageIsMadeIsFoundOutAndNothingIsLeft(string path, bool hasGrown)
    {
        await using SimulatedHost host = new();
        IReadOnlyList<string> before = host.Footprint();
        PlannedChange<DriverDomain> change = await PlanAsync(host);
        string text = host.Dom0.Machine.Files.Text(path)!;
        host.Dom0.WriteFile(path, hasGrown ? text + "more\n" : text.Replace("simulated", "SIMULATED", StringComparison.Ordinal));

        ChangeFailedException failed = await Assert.ThrowsAsync<ChangeFailedException>(
            () => change.Plan.RunAsync(host.Session.Hand, default));

        Assert.Equal(hasGrown ? ErrorIds.HostFileFailed : ErrorIds.ImageNotMade, failed.ErrorId);
        Assert.Contains(path, failed.Message, StringComparison.Ordinal);
        Assert.Equal(before, host.Footprint());
        Assert.Empty(host.Dom0.Machine.Files.Names(Folder));
    }

    [Theory]
    [InlineData("write:/etc/xen/driver-domains/images/*/vmlinuz:1:ENOSPC")]
    [InlineData("write:/etc/xen/driver-domains/images/*/initrd.gz:1:ENOSPC")]
    [InlineData("write:/etc/xen/driver-domains/images/*/manifest.json:1:EIO")]
    [InlineData("write:/etc/xen/driver-domains/images/*/SHA256SUMS:1:EROFS")]
    [InlineData("write:/etc/xen/driver-domains/netdd.cfg:1:ENOSPC")]
    [InlineData("write:/sys/bus/pci/drivers/pciback/bind:1:EBUSY")]
    [InlineData("xl:create:1:fail=3 libxl: error: libxl_create.c:1:f: no memory")]
    public async Task AFailureInTheMiddleLeavesNoImage(string fault)
    {
        await using SimulatedHost host = new("lab", fault);
        IReadOnlyList<string> before = host.Footprint();
        await SimulatedHost.ErrorOfAsync(() => NewAsync(host));
        Assert.Equal(before, host.Footprint());
        Assert.Empty(host.Dom0.Machine.Files.Names(Folder));

        // The fault was the first occasion; the second try succeeds.
        Assert.Equal(ReadinessState.Serving, (await NewAsync(host)).Readiness);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhereverItIsCutOffTheSameCommandReachesTheGoal(bool cutsAfter)
    {
        int at = 1;
        for (bool happened = true; happened; at += 7)
        {
            await using SimulatedHost host = new();
            await using (InterruptedHost cut = new(host.Dom0, at) { CutsAfter = cutsAfter })
            {
                try
                {
                    PlannedChange<DriverDomain> change = await cut.Session.DriverDomains.PlanNewAsync(Request(["00:10.0"]), default);
                    await change.Plan.RunAsync(cut.Session.Hand, default);
                }
                catch (XenDriverDomainException)
                {
                    // Cut off.
                }

                happened = cut.Happened;
            }

            Assert.Equal(ReadinessState.Serving, (await NewAsync(host)).Readiness);
            Assert.Empty(await host.Session.Images.TestAsync(Assert.Single(host.Dom0.Machine.Files.Names(Folder)), default));
        }

        Assert.True(at > 50, $"only {at}");
    }

    [Fact]
    public async Task AnImageThatAConfigurationNamesIsNotRemoved()
    {
        await using SimulatedHost host = new();
        await host.AddAsync();
        await NewAsync(host, starts: false);
        string id = Assert.Single(await host.Session.Images.ListAsync(null, default)).Id;
        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(() => RemoveAsync(host, id));
        Assert.Equal(ErrorIds.ImageInUse, error.ErrorId);
        Assert.Contains("netdd", error.Message, StringComparison.Ordinal);

        await host.RemoveDriverDomainAsync();
        Assert.True(await RemoveAsync(host, id));
        Assert.Empty(host.Dom0.Machine.Files.Names(Folder));
        Assert.Equal(ErrorIds.ImageNotFound, (await SimulatedHost.ErrorOfAsync(() => RemoveAsync(host, id))).ErrorId);
    }

    [Theory]
    [InlineData("/etc/xen/driver-domains/broken.cfg", "name='bro\nkernel='{0}/vmlinuz'\n")]
    [InlineData("/etc/xen/mine.cfg", "name = 'mine'\nramdisk = \"{0}/initrd.gz\"\n")]
    public async Task AnImageThatAnotherFileNamesIsNotRemoved(string path, string text)
    {
        await using SimulatedHost host = new();
        ImageRequest request = new() { PciDevice = [PciAddress.Parse("00:10.0")] };
        DriverDomainImage image = (await host.RunAsync(host.Session.Images.PlanNewAsync(request, default)))!;
        host.Dom0.Machine.Files.Put(path, text.Replace("{0}", image.Directory, StringComparison.Ordinal));

        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(() => RemoveAsync(host, image.Id));
        Assert.Equal(ErrorIds.ImageInUse, error.ErrorId);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);

        host.Dom0.Machine.Files.Put(path, $"# {image.Directory}/vmlinuz was here\n");
        Assert.True(await RemoveAsync(host, image.Id));
    }

    [Theory]
    [InlineData("/srv/project", "manifest.json")]
    [InlineData("/srv/mirror", "SHA256SUMS")]
    [InlineData("/boot", "vmlinuz")]
    public async Task WhatOnlyHoldsAFileOfAnImagesNameIsNoImage(string directory, string file)
    {
        await using SimulatedHost host = new();
        host.Dom0.Machine.Files.Put($"{directory}/{file}", "{}");
        host.Dom0.Machine.Files.Put($"{directory}/precious", "mine");

        Assert.Equal(ErrorIds.ImageNotFound, (await SimulatedHost.ErrorOfAsync(() => RemoveAsync(host, directory))).ErrorId);
        Assert.Equal(ErrorIds.ImageNotFound, (await SimulatedHost.ErrorOfAsync(() => RemoveAsync(host, directory + "/"))).ErrorId);
        Assert.Empty(await host.Session.Images.ListAsync("/srv", default));
        Assert.Equal("mine", host.Dom0.Machine.Files.Text($"{directory}/precious"));
    }

    [Theory]
    [InlineData("src/code.c")]
    [InlineData("index.html")]
    [InlineData(".git/HEAD")]
    public async Task ADirectoryWithMoreThanAnImageIsNotRemoved(string more)
    {
        await using SimulatedHost host = new();
        const string Release = "/srv/release-a1b2c3d4e5f6";
        host.Dom0.Machine.Files.Put($"{Release}/manifest.json", "{}");
        host.Dom0.Machine.Files.Put($"{Release}/{more}", "mine");

        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(() => RemoveAsync(host, Release));

        Assert.Equal(ErrorIds.ImageHoldsOther, error.ErrorId);
        Assert.Contains(more.Split('/')[0], error.Message, StringComparison.Ordinal);
        Assert.Equal("mine", host.Dom0.Machine.Files.Text($"{Release}/{more}"));
    }

    [Theory]
    [InlineData("../../..")]
    [InlineData("..")]
    [InlineData("*")]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData("/etc")]
    [InlineData("/etc/xen")]
    [InlineData("x';reboot;'")]
    public async Task WhatIsNoIdIsNotFound(string id)
    {
        await using SimulatedHost host = new();
        Assert.Equal(ErrorIds.ImageNotFound, (await SimulatedHost.ErrorOfAsync(() => RemoveAsync(host, id))).ErrorId);
    }

    [Theory]
    [InlineData("relative")]
    [InlineData("/")]
    [InlineData("/srv/../etc")]
    [InlineData("/srv//images")]
    [InlineData("/srv/a b")]
    [InlineData("/srv/a\nb")]
    [InlineData("/srv/*")]
    public async Task ADirectoryOfImagesIsAPlainAbsolutePath(string path)
    {
        await using SimulatedHost host = new();
        ImageRequest request = new() { PciDevice = [PciAddress.Parse("00:10.0")], Path = path };
        Assert.Equal(
            ErrorIds.ImagePathInvalid,
            (await SimulatedHost.ErrorOfAsync(() => host.Session.Images.ListAsync(path, default))).ErrorId);
        Assert.Equal(
            ErrorIds.ImagePathInvalid,
            (await SimulatedHost.ErrorOfAsync(() => host.Session.Images.PlanNewAsync(request, default))).ErrorId);
    }

    [Fact]
    public async Task ASlashAtTheEndOfADirectoryOfImagesMeansNothing()
    {
        await using SimulatedHost host = new();
        ImageRequest request = new() { PciDevice = [PciAddress.Parse("00:10.0")], Path = Folder + "/" };
        DriverDomainImage image = (await host.RunAsync(host.Session.Images.PlanNewAsync(request, default)))!;
        Assert.Equal($"{Folder}/{image.Id}", image.Directory);
        Assert.Equal(image.Id, Assert.Single(await host.Session.Images.ListAsync(Folder + "/", default)).Id);
    }

    [Fact]
    public async Task AnImageWhoseMakingLostPowerIsRemovedWithWhatThatLeft()
    {
        await using SimulatedHost host = new();
        await host.AddAsync();
        await NewAsync(host, starts: false);
        DriverDomainImage image = Assert.Single(await host.Session.Images.ListAsync(null, default));
        await host.RemoveDriverDomainAsync();
        host.Dom0.Machine.Files.Remove($"{image.Directory}/SHA256SUMS");
        host.Dom0.Machine.Files.Put($"{image.Directory}/.initrd.gz.a1B2c3", "half");
        host.Dom0.Machine.Files.Put($"{image.Directory}/.initrd.gz.a1B2c3.d/0", "a piece");
        Assert.Equal(ImageState.Incomplete, (await host.Session.Images.GetAsync(image.Id, default)).State);
        Finding incomplete = Assert.Single(await host.Session.Images.TestAsync(image.Id, default));
        Assert.Equal((ErrorIds.ImageIncomplete, FindingSeverity.Error), (incomplete.Id, incomplete.Severity));

        Assert.True(await RemoveAsync(host, image.Id));

        Assert.Empty(host.Dom0.Machine.Files.Names(Folder));
    }

    [Fact]
    public async Task AnImageOfWhatHasChangedIsOld()
    {
        await using SimulatedHost host = new();
        await NewAsync(host);
        string id = Assert.Single(await host.Session.Images.ListAsync(null, default)).Id;
        host.Dom0.WriteFile("/etc/xen/scripts/vif-bridge", "#!/bin/bash\n# newer\n");
        host.Dom0.Machine.Files.Remove("/usr/bin/xenstore");

        Finding old = Assert.Single(await host.Session.Images.TestAsync(id, default));
        Assert.Equal(ErrorIds.ImageOld, old.Id);
        Assert.Contains("2 of the ", old.Cause, StringComparison.Ordinal);
        Assert.Contains("/etc/xen/scripts/vif-bridge", old.Cause, StringComparison.Ordinal);
        Assert.Contains("/usr/bin/xenstore", old.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("initrd.gz")]
    [InlineData("vmlinuz")]
    public async Task ADamagedImageIsFoundOutAndDoesNotBoot(string file)
    {
        await using SimulatedHost host = new();
        await host.AddAsync();
        await NewAsync(host, starts: false);
        DriverDomainImage image = Assert.Single(await host.Session.Images.ListAsync(null, default));
        host.Dom0.WriteFile($"{image.Directory}/{file}", "damaged");

        Finding damaged = Assert.Single(await host.Session.Images.TestAsync(image.Id, default));
        Assert.Equal(ErrorIds.ImageDamaged, damaged.Id);
        Assert.Contains(file, damaged.Cause, StringComparison.Ordinal);

        await SimulatedHost.ErrorOfAsync(() => host.StartAsync());
        Assert.DoesNotContain(await host.Session.Domains.ListAsync(default), domain => domain.Name == "netdd");
    }

    [Fact]
    public async Task WithAnotherKernelOfDom0sAnImageIsOldAndGoesOnWorking()
    {
        const string Newer = "6.1.0-57-amd64";
        await using SimulatedHost host = new();
        await NewAsync(host);
        string id = Assert.Single(await host.Session.Images.ListAsync(null, default)).Id;
        host.Dom0.Machine.Files.Put(DebianFiles.OfKernel(LabHost.Create() with { KernelRelease = Newer }));
        host.Dom0.WriteFile(
            $"/lib/modules/{Newer}/modules.alias", host.Dom0.Machine.Files.Text("/lib/modules/6.1.0-56-amd64/modules.alias")!);

        host.Dom0.Reboot();

        await using Access.Dom0 dom0 = host.Dom0.CreateDom0();
        await using XenDriverDomain.Hosts.HostSession session = XenDriverDomain.Hosts.HostSession.Of(dom0);
        DriverDomainImage old = Assert.Single(await session.Images.ListAsync(null, default));
        Assert.Equal(ImageState.Old, old.State);
        Assert.Contains(Newer, old.Detail, StringComparison.Ordinal);
        Assert.Equal(ErrorIds.ImageOld, Assert.Single(await session.Images.TestAsync(id, default)).Id);

        PlannedChange<DriverDomainImage> renewal = await session.DriverDomains.PlanRenewImageAsync("netdd", default);
        await renewal.Plan.RunAsync(session.Hand, default);
        DriverDomainImage renewed = await renewal.ReadBackAsync(default);
        Assert.Equal(Newer, renewed.KernelRelease);
        Assert.Equal(["netdd"], renewed.UsedBy);
    }

    [Fact]
    public async Task WhatIsOfNoImageIsNeverDeletedWithOne()
    {
        await using SimulatedHost host = new();
        DriverDomainImage image = await host.RunAsync(
            host.Session.Images.PlanNewAsync(new ImageRequest { PciDevice = [host.Card] }, default));
        host.Dom0.WriteFile($"{image.Directory}/notes.txt", "mine");
        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(() => RemoveAsync(host, image.Id));
        Assert.Equal(ErrorIds.ImageHoldsOther, error.ErrorId);
        Assert.Contains("notes.txt", error.Message, StringComparison.Ordinal);
        Assert.Equal(ImageState.Current, (await host.Session.Images.GetAsync(image.Id, default)).State);
    }

    [Theory]
    [InlineData("/srv/iso")]
    [InlineData("/etc/xen")]
    [InlineData("/")]
    [InlineData("..")]
    [InlineData("../../..")]
    public async Task WhatHasFilesOfTheSameNamesIsNoImage(string path)
    {
        await using SimulatedHost host = new();
        host.Dom0.Machine.Files.Put("/srv/iso/SHA256SUMS", "sums of images of CDs");
        host.Dom0.Machine.Files.Put("/srv/iso/vmlinuz", "somebody's");
        host.Dom0.Machine.Files.Put("/etc/xen/manifest.json", "{}");
        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(() => RemoveAsync(host, path));
        Assert.Equal(ErrorIds.ImageNotFound, error.ErrorId);
        Assert.True(host.Dom0.Machine.Files.Exists("/srv/iso/vmlinuz"));
    }

    [Fact]
    public async Task WhatAKilledMakingLeftIsSeenAndGoesWhenItIsMadeAgain()
    {
        await using SimulatedHost host = new();
        ImageRequest request = new() { PciDevice = [host.Card] };
        DriverDomainImage made = await host.RunAsync(host.Session.Images.PlanNewAsync(request, default));
        await RemoveAsync(host, made.Id);
        host.Dom0.Machine.Files.Put($"{made.Directory}/.vmlinuz.aB3xYz", "half");
        host.Dom0.Machine.Files.Put($"{made.Directory}/.initrd.gz.aB3xYz.d/0", "part");

        Assert.Equal(ImageState.Incomplete, Assert.Single(await host.Session.Images.ListAsync(null, default)).State);
        await host.RunAsync(host.Session.Images.PlanNewAsync(request, default));

        Assert.Equal(ImageState.Current, Assert.Single(await host.Session.Images.ListAsync(null, default)).State);
        Assert.Equal(
            ["SHA256SUMS", "initrd.gz", "manifest.json", "vmlinuz"],
            host.Dom0.Machine.Files.Names(made.Directory).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ACardThatIsNotThereIsSaidNotToBe()
    {
        await using SimulatedHost host = new();
        ImageRequest request = new() { PciDevice = [host.Card, PciAddress.Parse("99:00.0")] };
        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(() => host.Session.Images.PlanNewAsync(request, default));
        Assert.Equal(ErrorIds.PciDeviceNotFound, error.ErrorId);
        Assert.Contains("99:00.0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADomainWithLessMemoryThanItsInsideNeedsIsRefused()
    {
        await using SimulatedHost host = new();
        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(() => host.Session.DriverDomains.PlanNewAsync(
            Request(["00:10.0"]) with { MemoryMB = 64 }, default));
        Assert.Equal(ErrorIds.InsideOptionInvalid, error.ErrorId);
        Assert.Contains("64 MB", error.Message, StringComparison.Ordinal);
        Assert.False(host.Dom0.Machine.Files.Exists(Folder));
    }

    [Theory]
    [InlineData("images")]
    [InlineData("/srv/my images")]
    [InlineData("/srv/*")]
    [InlineData("/srv/../etc")]
    [InlineData("/srv/\u001b[2J")]
    public async Task APathThatCannotHoldImagesIsRefused(string path)
    {
        await using SimulatedHost host = new();
        foreach (Func<Task> work in (Func<Task>[])
            [
                () => host.Session.Images.ListAsync(path, default),
                () => host.Session.Images.PlanNewAsync(new ImageRequest { PciDevice = [host.Card], Path = path }, default),
            ])
        {
            XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(work);
            Assert.Equal(ErrorIds.ImagePathInvalid, error.ErrorId);
            Assert.DoesNotContain('\u001b', error.Message);
        }
    }

    [Theory]
    [InlineData("sha256sum")]
    [InlineData("wc")]
    public async Task AProgramThatLooksAndSaysNothingIsNotBelieved(string program)
    {
        await using SimulatedHost host = new("lab", $"{program}:*:1:fail=1 {program}: Input/output error");
        XenDriverDomainException error = await RefusalAsync(host);
        Assert.Equal(ErrorIds.ImageLookFailed, error.ErrorId);
        Assert.Contains(program, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AKernelThatIsAnotherOneAfterItWasCopiedIsNoImage()
    {
        HookedPorts? ports = null;
        await using SimulatedHost host = new(LabHost.Create(), dom0 => (ports = new HookedPorts(dom0)).Wrap());
        ports!.After = what =>
        {
            if (what.StartsWith("write ", StringComparison.Ordinal) && what.EndsWith("/vmlinuz", StringComparison.Ordinal))
            {
                host.Dom0.WriteFile(what["write ".Length..], "cut");
            }
        };
        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(() => NewAsync(host));
        Assert.Equal(ErrorIds.ImageNotMade, error.ErrorId);
        Assert.Empty(host.Dom0.Machine.Files.Names(Folder));
    }

    [Theory]
    [InlineData("SHA256SUMS")]
    [InlineData("manifest.json")]
    public async Task WhatAnInterruptionLeftIsNoImageAndIsMadeOrRemoved(string missing)
    {
        await using SimulatedHost host = new();
        await NewAsync(host);
        DriverDomainImage made = Assert.Single(await host.Session.Images.ListAsync(null, default));
        host.Dom0.Machine.Files.Remove($"{made.Directory}/{missing}");

        Assert.Equal(ImageState.Incomplete, Assert.Single(await host.Session.Images.ListAsync(null, default)).State);
        Assert.Equal(ErrorIds.ImageIncomplete, Assert.Single(await host.Session.Images.TestAsync(made.Id, default)).Id);

        await host.RunAsync(host.Session.Images.PlanNewAsync(new ImageRequest { PciDevice = [host.Card] }, default));
        Assert.Equal(ImageState.Current, Assert.Single(await host.Session.Images.ListAsync(null, default)).State);
    }

    private static NewDriverDomainRequest Request(
        IReadOnlyList<string> cards, bool starts = true, InsideOptions? inside = null, string? bridge = null) => new()
        {
            Name = "netdd",
            PciDevice = [.. cards.Select(PciAddress.Parse)],
            Inside = inside,
            Bridge = bridge,
            Start = starts ? new StartOptions() : null,
        };

    private static async Task<PlannedChange<DriverDomain>> PlanAsync(
        SimulatedHost host, IReadOnlyList<string>? cards = null, bool starts = true, InsideOptions? inside = null, string? bridge = null) =>
        await host.Session.HeardBy(new SilentReporter()).DriverDomains.PlanNewAsync(
            Request(cards ?? [$"{host.Card}"], starts, inside, bridge), default);

    private static async Task<DriverDomain> NewAsync(
        SimulatedHost host, IReadOnlyList<string>? cards = null, bool starts = true, InsideOptions? inside = null, string? bridge = null) =>
        await host.RunAsync(PlanAsync(host, cards, starts, inside, bridge));

    // Nothing is touched when something is missing.
    private static async Task<XenDriverDomainException> RefusalAsync(SimulatedHost host)
    {
        IReadOnlyList<string> before = host.Footprint();
        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(() => NewAsync(host));
        Assert.Equal(before, host.Footprint());
        Assert.False(host.Dom0.Machine.Files.Exists(Folder));
        return error;
    }

    private static Task<bool> RemoveAsync(SimulatedHost host, string id) =>
        host.RunAsync(host.Session.Images.PlanRemoveAsync(id, default));

    private static async Task ServeAsync(SimulatedHost host, string bridge = "xenbr0")
    {
        await host.StartClientAsync();
        Assert.Equal(VifStatus.Connected, (await host.ConnectAsync(bridge))?.Status);
        await host.WaitForTrafficAsync();
    }

    private static async Task<string> ModulesAsync(SimulatedHost host)
    {
        DriverDomainImage image = Assert.Single(await host.Session.Images.ListAsync(null, default));
        return host.Dom0.Machine.Files.Text($"{image.Directory}/manifest.json")!;
    }
}
