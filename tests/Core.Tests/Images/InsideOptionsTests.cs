using XenDriverDomain.Errors;
using XenDriverDomain.Images;

namespace XenDriverDomain.Tests.Images;

public class InsideOptionsTests
{
    [Fact]
    public void What_is_asked_for_stands_on_the_kernels_command_line()
    {
        InsideOptions options = new() { Vlan = 12, Mtu = 9000, Address = "192.0.2.5/24", Gateway = "192.0.2.1", HasConsoleShell = true };

        Assert.Equal(
            ["xdd.bridge=lan", "xdd.vlan=12", "xdd.mtu=9000", "xdd.address=192.0.2.5/24", "xdd.gateway=192.0.2.1", "xdd.console=shell"],
            options.Words("lan"));
        Assert.Equal(["xdd.bridge=xenbr0"], new InsideOptions().Words(null));
        Assert.Equal(
            ["xdd.forward=nat", "xdd.address=dhcp"],
            new InsideOptions { Forwarding = InsideForwarding.Nat, Address = "DHCP" }.Words("unused"));
    }

    [Theory]
    [InlineData("dhcp")]
    [InlineData("192.0.2.5/24")]
    [InlineData("192.0.2.5/32")]
    public void An_address_is_one_with_its_length_or_asked_for(string address) => new InsideOptions { Address = address }.Require();

    public static TheoryData<InsideOptions, string> Wrong => new()
    {
        { new InsideOptions { Vlan = 0 }, "VLAN '0'" },
        { new InsideOptions { Vlan = 4095 }, "VLAN '4095'" },
        { new InsideOptions { Mtu = 67 }, "MTU '67'" },
        { new InsideOptions { Address = "192.0.2.5" }, "address '192.0.2.5'" },
        { new InsideOptions { Address = "192.0.2/24" }, "address '192.0.2/24'" },
        { new InsideOptions { Address = "192.0.2.5/33" }, "address '192.0.2.5/33'" },
        { new InsideOptions { Address = "192.0.2.5/24 init=/bin/sh" }, "address" },
        { new InsideOptions { Address = "2001:db8::5/64" }, "address" },
        { new InsideOptions { Address = "010.0.0.5/24" }, "address" },
        { new InsideOptions { Address = "0x0a.0.0.5/24" }, "address" },
        { new InsideOptions { Address = "0.0.0.0/24" }, "address" },
        { new InsideOptions { Address = "127.0.0.1/8" }, "address" },
        { new InsideOptions { Address = "255.255.255.255/24" }, "address" },
        { new InsideOptions { Address = "192.0.2.5/24", Gateway = "192.0.3.1" }, "gateway '192.0.3.1'" },
        { new InsideOptions { Address = "192.0.2.5/24", Gateway = "192.0.2.5" }, "gateway '192.0.2.5'" },
        { new InsideOptions { Gateway = "192.0.2.1" }, "gateway" },
        { new InsideOptions { Address = "dhcp", Gateway = "192.0.2.1" }, "gateway" },
        { new InsideOptions { Address = "192.0.2.5/24", Gateway = "gateway" }, "gateway 'gateway'" },
        { new InsideOptions { Forwarding = InsideForwarding.Route }, "forwarding 'Route'" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_the_inside_would_not_understand_is_refused_by_name(InsideOptions options, string said)
    {
        XenDriverDomainException error = Assert.Throws<XenDriverDomainException>(options.Require);

        Assert.Equal(ErrorIds.InsideOptionInvalid, error.ErrorId);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }
}
