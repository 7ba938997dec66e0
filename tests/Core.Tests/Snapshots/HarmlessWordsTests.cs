using System.Text;
using XenDriverDomain.Snapshots;
using XenDriverDomain.Snapshots.Redaction;
using Kind = XenDriverDomain.Snapshots.Redaction.HarmlessWords.Kind;

namespace XenDriverDomain.Tests.Snapshots;

/// <summary>What stays of texts, and what goes.</summary>
public sealed class HarmlessWordsTests
{
    [Theory]
    [InlineData("vncpasswd = \"hunter2\"\n")]
    [InlineData("vncpasswd=\"a\\\"hunter2\"\n")]
    [InlineData("vfb = [ 'type=vnc,vncpasswd=hunter2,vnclisten=0.0.0.0' ]\n")]
    [InlineData("spicepasswd = 'hunter2'\n")]
    [InlineData("disk = [ 'vdev=xvda,script=block-iscsi,target=iqn=a,user=b,password=hunter2' ]\n")]
    [InlineData("disk = [ 'format=raw,vdev=xvda,access=rw,target=rbd:pool/image:id=admin:key=hunter2' ]\n")]
    [InlineData("disk = [ 'rbd:pool/image:key=a:hunter2:pw=hunter2,xvda,w' ]\n")]
    [InlineData("disk = [ 'target=iscsi://user%hunter2@host/iqn' ]\n")]
    [InlineData("device_model_args = [ '-object', 'secret,id=s,data=hunter2' ]\n")]
    [InlineData("extra = 'role=dd psk=hunter2 rootpw=hunter2 pwd=hunter2 hunter2'\n")]
    [InlineData("extra = \"psk=\\\"of two hunter2\\\" role=dd\"\n")]
    [InlineData("extra = 'psk=hunter2'\nextra = 'role=dd'\n")]
    [InlineData("root = '/dev/xvda1 ro luks=hunter2'\n")]
    [InlineData("bootloader_args = '--args=hunter2 -q'\n")]
    [InlineData("bootloader_args = [ '--kernel=/vmlinuz', '--answer=hunter2' ]\n")]
    [InlineData("pvshim_extra = 'console=com1 answer=hunter2'\n")]
    [InlineData("wlan = 'hunter2'\n")]
    [InlineData("pin = 7; vif = [ 'mac=00:16:3e:00:00:01,answer=hunter2,bridge=xenbr0' ]\n")]
    [InlineData("# the password: hunter2\n")]
    [InlineData("# hunter2\n")]
    [InlineData("vif = [ # hunter2\n 'bridge=xenbr0' ] # hunter2\n")]
    public void What_is_not_known_to_be_harmless_in_a_configuration_goes_and_is_counted(string text)
    {
        LeftOutLog log = new();
        string? reduced = new ConfigurationReducer(log).Reduce(Encoding.UTF8.GetBytes("name = \"dd\"\n" + text));
        Assert.NotNull(reduced);
        Assert.DoesNotContain("hunter2", reduced, StringComparison.Ordinal);
        Assert.StartsWith("name = \"dd\"\n", reduced, StringComparison.Ordinal);
        Assert.Equal(text.Count(c => c == '\n') + 1, reduced.Count(c => c == '\n'));
        Assert.Contains(log.ToList(), one => one.What is ConfigurationReducer.Words or HarmlessWords.Comments);
    }

    [Theory]
    [InlineData("# XenDriverDomain: bridge=xenbr0\nname = \"token-ring\"\npci = [ '0000:00:10.0,permissive=1' ]\n\nextra = 'role=dd console=hvc0'\n")]
    [InlineData("type = \"pv\"\nmemory = 512\ndisk = [ 'phy:/dev/vg/dd,xvda,w', 'format=raw, vdev=xvdb, access=rw, target=/dev/vg/key' ]\nroot = \"/dev/xvda ro\"\n")]
    [InlineData("vif = [ 'mac=00:16:3e:00:00:01,bridge=xenbr0,backend=dom0' ]\nvfb = [ 'vnc=1,vnclisten=0.0.0.0,keymap=de' ]\nvnc = 1\n")]
    [InlineData("disk = [ 'rbd:pool/image,xvda,w' ]\ncpuid = \"host,tm=0,sse3=0\"\nbootloader = \"pygrub\"\nbootloader_args = \"-q --kernel=/vmlinuz\"\ndriver_domain = 1\n")]
    public void A_configuration_without_secrets_stays_byte_for_byte(string text)
    {
        LeftOutLog log = new();
        Assert.Equal(text, new ConfigurationReducer(log).Reduce(Encoding.UTF8.GetBytes(text)));
        Assert.Empty(log.ToList());
    }

    [Fact]
    public void What_cannot_be_understood_is_not_taken() =>
        Assert.Null(new ConfigurationReducer(new LeftOutLog()).Reduce("vncpasswd = \"hunter2\nname = ["u8.ToArray()));

    [Theory]
    [InlineData("root=/dev/sda1 ro console=hvc0 xen-pciback.hide=(00:10.0) rd.luks.key=/k ip=dhcp", "root=/dev/sda1 ro console=hvc0 xen-pciback.hide=(00:10.0)", 2)]
    [InlineData("xen.password=hunter2 xenpsk=hunter2 role=dd quiet", "role=dd quiet", 2)]
    [InlineData("root=//user:hunter2@host/share rootflags=subvol=@,pass=hunter2 ro", "ro", 2)]
    [InlineData("root=UUID=1-2 rootflags=subvol=@,compress=zstd ro", "root=UUID=1-2 rootflags=subvol=@,compress=zstd ro", 0)]
    [InlineData("", "", 0)]
    public void Command_lines_keep_only_what_is_known_to_be_harmless(string line, string kept, int leftOut) =>
        Assert.Equal((kept, leftOut), HarmlessWords.Reduce(line, Kind.Linux));

    [Theory]
    [InlineData("dom0_mem=4G,max:4G com1=115200,8n1 console=com1,vga loglvl=all no-real-mode edd=off spec-ctrl=xen,ibrs=0 iommu=verbose,no-intremap")]
    [InlineData("placeholder dom0_max_vcpus=2 dom0_vcpus_pin xsave=0")]
    public void Xen_keeps_its_parameters(string line) => Assert.Equal((line, 0), HarmlessWords.ReduceInPlace(line, Kind.Xen));

    [Theory]
    [InlineData("answer=hunter2 dom0_mem=4G", " dom0_mem=4G")]
    [InlineData("dom0_mem=4G hunter2", "dom0_mem=4G")]
    [InlineData("console=com1,answer=hunter2 noreboot", " noreboot")]
    public void What_Xen_does_not_know_goes(string line, string kept) =>
        Assert.Equal((kept, 1), HarmlessWords.ReduceInPlace(line, Kind.Xen));

    [Theory]
    [InlineData("permissive=0,msitranslate=0,power_mgmt=0", "permissive=0,msitranslate=0,power_mgmt=0", 0)]
    [InlineData("/dev/mapper/vg-key", "/dev/mapper/vg-key", 0)]
    [InlineData("key-server", "key-server", 0)]
    [InlineData("rbd:pool/image:key=hunter2", "rbd:pool/image", 1)]
    [InlineData("format=raw,target=rbd:pool/image:id=admin:key=hunter2", "format=raw,target=rbd:pool/image", 2)]
    [InlineData("psk=hunter2", "left-out", 1)]
    [InlineData("the login failed, password hunter2", "left-out", 1)]
    [InlineData("mounting failed, password hunter2, id=1", "mounting failed", 2)]
    [InlineData("could not find bridge device xenbr9", "could not find bridge device xenbr9", 0)]
    public void Values_in_xenstore_keep_what_is_known_to_be_harmless(string value, string kept, int leftOut) =>
        Assert.Equal((kept, leftOut), HarmlessWords.ReduceSettings(value, Kind.Device));
}
