using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Network;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Tests.Configuration;

public class SpecTests
{
    [Theory]
    [InlineData("0000:00:10.0", "0000:00:10.0")]
    [InlineData("1:0.0", "0000:01:00.0")]
    [InlineData("AB:1F.7", "0000:ab:1f.7")]
    [InlineData("01:00.0@8", "0000:01:00.0@8")]
    [InlineData("01:00.0@0x1f", "0000:01:00.0@1f")]
    [InlineData("01:00.*@5,permissive=1", "0000:01:00.*@5,permissive=1")]
    [InlineData("bdf=01:00.0,vslot=5,seize=1,rdm_policy=relaxed", "0000:01:00.0@5,seize=1,rdm_policy=relaxed")]
    [InlineData("01:00.0,msitranslate=0,power_mgmt=1", "0000:01:00.0,msitranslate=0,power_mgmt=1")]
    [InlineData("name=nic0,vslot=3", "name=nic0,vslot=3")]
    public void A_pci_specification_is_read_and_written(string text, string canonical)
    {
        PciSpec spec = PciSpec.Parse(text);
        Assert.Equal(canonical, spec.ToString());
        Assert.Equal(spec, PciSpec.Parse(canonical));
    }

    [Theory]
    [InlineData("")]
    [InlineData("01:00")]
    [InlineData("01:00.0x")]
    [InlineData("bdf=01:00.0@8")]
    [InlineData("36:00.0@20")]
    [InlineData("01:00.0,permissive")]
    [InlineData("01:00.0,permissive=yes")]
    [InlineData("01:00.0, permissive=1")]
    [InlineData(" 01:00.0")]
    [InlineData("01:00.0,permissive=1,")]
    [InlineData("01:00.0,permissive=1,permissive=0")]
    [InlineData("01:00.0,bdf=02:00.0")]
    [InlineData("01:00.0,name=x")]
    [InlineData("permissive=1")]
    [InlineData("101:00.0")]
    [InlineData("01:20.0")]
    [InlineData("01:00.8")]
    [InlineData("10000:01:00.0")]
    [InlineData("01:00.0,driver=e1000")]
    [InlineData("01:00.0@1@2")]
    [InlineData("01:00.0@5,vslot=5")]
    [InlineData("01:00.0,rdm_policy=lax")]
    [InlineData("0x1:00.0")]
    [InlineData("01.00:0")]
    public void A_pci_specification_that_xl_would_misread_is_refused(string text)
    {
        XenDriverDomainException error = Assert.Throws<XenDriverDomainException>(() => PciSpec.Parse(text));
        Assert.Equal(ErrorIds.PciSpecMalformed, error.ErrorId);
        Assert.Equal(text, error.Target);
    }

    [Fact]
    public void A_vif_is_read()
    {
        VifSpec vif = VifSpec.Parse("mac=00:16:3E:00:00:01, bridge=xenbr0,backend=netdd,rate=10MB/s@20ms,mtu=9000,untrusted,type=vif");
        Assert.Equal(
            new VifSpec
            {
                Mac = MacAddress.Parse("00:16:3e:00:00:01"),
                Bridge = "xenbr0",
                Backend = DomainRef.Parse("netdd"),
                Rate = "10MB/s@20ms",
                Mtu = 9000,
                Trusted = false,
                Type = VifType.Vif,
            },
            vif);
        Assert.Equal(
            ["type=vif", "mac=00:16:3e:00:00:01", "bridge=xenbr0", "backend=netdd", "rate=10MB/s@20ms", "mtu=9000", "untrusted"],
            vif.ToArguments());
        Assert.Equal(vif, VifSpec.Parse(vif.ToString()));
        Assert.Equal(new VifSpec(), VifSpec.Parse(""));
    }

    [Theory]
    [InlineData("brigde=xenbr0", "'brigde'")]
    [InlineData("bridge=xenbr0 ,backend=dd", "blanks")]
    [InlineData("backend=", "empty")]
    [InlineData("backend=dd ", "blanks")]
    [InlineData("backend= dd", "blanks")]
    [InlineData("backend=two words", "backend")]
    [InlineData("backend=99999", "domid")]
    [InlineData("mac=00-16-3e-00-00-01", "mac")]
    [InlineData("mac=01:00:5e:00:00:01", "mac")]
    [InlineData("bridge=a-name-too-long-for-linux", "15")]
    [InlineData("type=netfront", "type")]
    [InlineData("rate=fast", "rate")]
    [InlineData("rate=10MB/s@", "rate")]
    [InlineData("mtu=0", "mtu")]
    [InlineData("devid=01", "devid")]
    [InlineData("bridge=a,bridge=b", "twice")]
    [InlineData("xenbr0", "'xenbr0'")]
    public void A_vif_that_xl_would_quietly_make_otherwise_is_refused(string text, string why)
    {
        XenDriverDomainException error = Assert.Throws<XenDriverDomainException>(() => VifSpec.Parse(text));
        Assert.Equal(ErrorIds.VifSpecMalformed, error.ErrorId);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_vif_key_is_answered_with_the_known_ones() => Assert.Contains(
        "bridge", Assert.Throws<XenDriverDomainException>(() => VifSpec.Parse("brigde=x")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("/dev/vg/g,raw,xvda,rw", "/dev/vg/g", "raw", "xvda", true, null)]
    [InlineData("phy:/dev/vg/g,xvda,w", "/dev/vg/g", "raw", "xvda", true, null)]
    [InlineData("file:/images/g.img,hda1,w", "/images/g.img", "raw", "hda1", true, null)]
    [InlineData("/dev/vg/g,,xvdb,r", "/dev/vg/g", "raw", "xvdb", false, null)]
    [InlineData("format=qcow2, vdev=hda, access=ro, backend=diskdd, target=/a,b.img", "/a,b.img", "qcow2", "hda", false, "diskdd")]
    [InlineData("/cd.iso,,hdc:cdrom,w", "/cd.iso", "raw", "hdc", false, null)]
    [InlineData(",,hdc,,cdrom", null, "empty", "hdc", false, null)]
    [InlineData("phy:vg/lv,xvda,w", "vg/lv", "raw", "xvda", true, null)]
    [InlineData("tap2:qcow2:/x,ioemu:hda,w", "/x", "qcow2", "hda", true, null)]
    [InlineData("tap:aio:/x,xvda:disk,r", "/x", "raw", "xvda", false, null)]
    [InlineData("/dev/vg/g,vdev=xvda,raw", "/dev/vg/g", "raw", "xvda", true, null)]
    [InlineData("tapdisk:a:b:c,xvda", "a:b:c", "raw", "xvda", true, null)]
    [InlineData("vdev=xvda,devtype=cdrom,no-colo", null, "empty", "xvda", false, null)]
    [InlineData("vdev=xvda,target=/x=y", "/x=y", null, "xvda", true, null)]
    public void A_disk_is_read(string text, string? target, string? format, string vdev, bool writable, string? backend)
    {
        DiskSpec disk = DiskSpec.Parse(text);
        Assert.Equal(
            (target, format, vdev, writable, backend),
            (disk.Target, disk.Format, disk.VirtualDevice, disk.IsWritable, disk.Backend?.ToString()));
        Assert.Equal(text, disk.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/dev/vg/g")]
    [InlineData("/dev/vg/g,raw,xvda,rw,more")]
    [InlineData("/dev/vg/g,raw,xvda,maybe")]
    [InlineData("/dev/vg/g,zip,xvda,w")]
    [InlineData("vdev=xvda,vdev=xvdb,target=/x")]
    [InlineData("vdev=xvda,taget=/x")]
    [InlineData("vdev=xvda,backend=,target=/x")]
    [InlineData("vdev=xvda")]
    [InlineData("/a=b,raw,xvda,w")]
    [InlineData("qed:/x,xvda,w")]
    [InlineData("phy:/dev/x,raw,xvda,w")]
    [InlineData("colo,vdev=xvda")]
    [InlineData("iscsi:nbd:/x,xvda,w")]
    [InlineData("/x,qcow2,xvda,w,format=raw")]
    [InlineData("/x,raw,xvda,w,access=r")]
    public void A_disk_that_xl_would_refuse_is_refused(string text) =>
        Assert.Equal(ErrorIds.DiskSpecMalformed, Assert.Throws<XenDriverDomainException>(() => DiskSpec.Parse(text)).ErrorId);

    [Theory]
    [InlineData("xenbr0", true)]
    [InlineData("eth0.100", true)]
    [InlineData("fifteen-chars-x", true)]
    [InlineData("sixteen-chars-xx", false)]
    [InlineData("", false)]
    [InlineData("..", false)]
    [InlineData("a/b", false)]
    [InlineData("a b", false)]
    [InlineData("a,b", false)]
    [InlineData("a'b", false)]
    [InlineData("brücke", false)]
    [InlineData("-x", false)]
    public void An_interface_name_must_suit_linux_and_vif_strings(string name, bool good)
    {
        Assert.Equal(good, InterfaceName.WhyNot(name) is null);
        if (!good)
        {
            Assert.Equal(ErrorIds.InterfaceNameMalformed, Assert.Throws<XenDriverDomainException>(() => InterfaceName.Check(name)).ErrorId);
        }
    }

    [Theory]
    [InlineData("384", 384)]
    [InlineData("384m", 384)]
    [InlineData("384MB", 384)]
    [InlineData("384MiB", 384)]
    [InlineData("1g", 1024)]
    [InlineData("16TB", 16777216)]
    public void Memory_is_read_with_its_unit(string text, int megabytes) => Assert.Equal(megabytes, MemorySize.Parse(text).Megabytes);

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("-384")]
    [InlineData("384 MB")]
    [InlineData("384k")]
    [InlineData("1.5g")]
    [InlineData("15")]
    [InlineData("17t")]
    [InlineData("99999999999999999999")]
    [InlineData("2147483647t")]
    public void Memory_that_no_domain_can_have_is_refused(string text) =>
        Assert.Equal(ErrorIds.MemorySizeMalformed, Assert.Throws<XenDriverDomainException>(() => MemorySize.Parse(text)).ErrorId);

    [Fact]
    public void Memory_in_bytes_must_be_whole_mebibytes()
    {
        Assert.Equal(384, MemorySize.FromBytes(402653184).Megabytes);
        Assert.Equal("384 MiB", MemorySize.FromBytes(402653184).ToString());
        foreach (long bytes in new[] { 384, 402653185, -402653184, long.MaxValue, long.MinValue })
        {
            Assert.Contains(
                "384MB", Assert.Throws<XenDriverDomainException>(() => MemorySize.FromBytes(bytes)).Remedy, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_device_by_its_address_is_written_plainly() =>
        Assert.Equal("0000:00:10.0", PciSpec.ForAddress(PciAddress.Parse("00:10.0")).ToString());
}
