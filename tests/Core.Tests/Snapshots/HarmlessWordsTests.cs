using System.Text;
using XenDriverDomain.Snapshots;

namespace XenDriverDomain.Tests.Snapshots;

/// <summary>What is taken out of texts, and what is not.</summary>
public sealed class SecretsTests
{
    [Theory]
    [InlineData("name = \"dd\"\nvncpasswd = \"hunter2\"\n")]
    [InlineData("name = \"dd\"\nvncpasswd=\"a\\\"hunter2\"\n")]
    [InlineData("name = \"dd\"\nvfb = [ 'type=vnc,vncpasswd=hunter2,vnclisten=0.0.0.0' ]\n")]
    [InlineData("name = \"dd\"\nspicepasswd = 'hunter2'\n")]
    [InlineData("name = \"dd\"\ndisk = [ 'vdev=xvda,script=block-iscsi,target=iqn=a,user=b,password=hunter2' ]\n")]
    [InlineData("name = \"dd\"\ndevice_model_args = [ '-object', 'secret,id=s,data=hunter2' ]\n")]
    [InlineData("name = \"dd\"\n# the password: hunter2\n")]
    public void Passwords_in_configurations_are_masked(string text)
    {
        string? masked = Secrets.MaskConfiguration(Encoding.UTF8.GetBytes(text));
        Assert.NotNull(masked);
        Assert.DoesNotContain("hunter2", masked, StringComparison.Ordinal);
        Assert.Contains("name = \"dd\"", masked, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_else_stays_byte_for_byte()
    {
        const string Text = "# note\nname = \"dd\"\npci = [ '0000:00:10.0,permissive=1' ]\n\nextra = 'role=dd console=hvc0'\n";
        Assert.Equal(Text, Secrets.MaskConfiguration(Encoding.UTF8.GetBytes(Text)));
    }

    [Fact]
    public void What_cannot_be_understood_is_not_taken() => Assert.Null(Secrets.MaskConfiguration("vncpasswd = \"hunter2\nname = ["u8.ToArray()));

    [Theory]
    [InlineData("root=/dev/sda1 ro console=hvc0 xen-pciback.hide=(00:10.0) rd.luks.key=/k ip=dhcp", "root=/dev/sda1 ro console=hvc0 xen-pciback.hide=(00:10.0)", 2)]
    [InlineData("xen.password=hunter2 role=dd quiet", "role=dd quiet", 1)]
    [InlineData("", "", 0)]
    public void Command_lines_keep_only_what_is_known_to_be_harmless(string line, string kept, int leftOut) =>
        Assert.Equal((kept, leftOut), KernelCommandLine.Reduce(line));
}
