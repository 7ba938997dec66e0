using XenDriverDomain.Assignment.Policy;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Tests.Assignment.Policy;

public class PolicyTextTests
{
    private static readonly PciDevice s_card = new()
    {
        Dom0 = "dom0",
        Address = PciAddress.Parse("0000:03:00.0"),
        VendorId = 0x14e4,
        DeviceId = 0x1645,
        SubsystemVendorId = 0x1028,
        SubsystemDeviceId = 0x00ab,
    };

    [Theory]
    [InlineData("78:4:0", "00000078:4:00000000")]
    [InlineData("0x9C:2:FF00", "0000009c:2:0000ff00")]
    [InlineData("ffc:4:ffffffff", "00000ffc:4:ffffffff")]
    [InlineData("fff:1:ff", "00000fff:1:000000ff")]
    public void A_field_is_read_and_written(string text, string canonical)
    {
        PciConfigField field = PciConfigField.Parse(text);
        Assert.Equal(canonical, field.ToString());
        Assert.Equal(field, PciConfigField.Parse(canonical));
    }

    [Theory]
    [InlineData("")]
    [InlineData("78:4")]
    [InlineData("78:4:0:0")]
    [InlineData("1000:4:0")]
    [InlineData("78:3:0")]
    [InlineData("78:8:0")]
    [InlineData("78:1:100")]
    [InlineData("78:2:10000")]
    [InlineData("7a:4:0")]
    [InlineData("-1:4:0")]
    [InlineData("78 :4:0")]
    [InlineData("000000078:4:0")]
    [InlineData("ffffffff:4:0")]
    [InlineData("g:4:0")]
    public void A_field_that_pciback_would_refuse_or_misread_is_refused(string text) =>
        Assert.Equal(ErrorIds.PciQuirkFieldMalformed, Assert.Throws<XenDriverDomainException>(() => PciConfigField.Parse(text)).ErrorId);

    [Fact]
    public void A_field_is_made_only_where_pciback_would_take_it()
    {
        Assert.Equal(PciConfigField.Parse("78:4:0"), PciConfigField.Create(0x78, 4, 0));
        Assert.Equal(
            ErrorIds.PciQuirkFieldMalformed, Assert.Throws<XenDriverDomainException>(() => PciConfigField.Create(0x7a, 4, 0)).ErrorId);
    }

    [Theory]
    [InlineData("permissive 14e4:1645", "permissive 14e4:1645", true)]
    [InlineData("  permissive\t14E4:1645:FFFF:ffff ", "permissive 14e4:1645", true)]
    [InlineData("permissive 14e4:1645:1028:ffff", "permissive 14e4:1645:1028:ffff", true)]
    [InlineData("permissive 14e4:1645:ffff:00ac", "permissive 14e4:1645:ffff:00ac", false)]
    [InlineData("permissive 14e4:1646", "permissive 14e4:1646", false)]
    [InlineData("permissive 03:00.0", "permissive 0000:03:00.0", true)]
    [InlineData("permissive 0001:03:00.0", "permissive 0001:03:00.0", false)]
    [InlineData("quirk 0000:03:00.0 78:4:0", "quirk 0000:03:00.0 00000078:4:00000000", true)]
    public void A_rule_is_read_written_and_is_about_devices(string text, string canonical, bool isAboutCard)
    {
        PciPolicyRule rule = PciPolicyRule.Parse(text);
        Assert.Equal(canonical, rule.ToString());
        Assert.Equal(rule, PciPolicyRule.Parse(canonical));
        Assert.Equal(isAboutCard, rule.Matches(s_card));
    }

    [Theory]
    [InlineData("")]
    [InlineData("permissive")]
    [InlineData("allow 14e4:1645")]
    [InlineData("Permissive 14e4:1645")]
    [InlineData("permissive 14e4:1645 78:4:0")]
    [InlineData("quirk 14e4:1645")]
    [InlineData("quirk 14e4:1645 78:3:0")]
    [InlineData("permissive 14e4")]
    [InlineData("permissive 14e4:1645:1028")]
    [InlineData("permissive 14e4:645")]
    [InlineData("permissive 14e4:1645:1028:00ab:1")]
    [InlineData("permissive 03:00.*")]
    [InlineData("permissive 03:20.0")]
    [InlineData("permissive +4e4:1645")]
    public void A_rule_that_is_none_is_refused(string text) =>
        Assert.Equal(ErrorIds.PciPolicyRuleMalformed, Assert.Throws<XenDriverDomainException>(() => PciPolicyRule.Parse(text)).ErrorId);

    [Fact]
    public void A_policy_is_written_and_read_with_each_rule_once_and_with_its_name()
    {
        PciPolicyRule[] rules =
        [
            PciPolicyRule.Parse("quirk 14e4:1645 78:4:0") with { Name = "tg3 \u001b[31m" },
            PciPolicyRule.Parse("permissive 03:00.0"),
            PciPolicyRule.Parse("quirk 14e4:1645 78:4:0"),
        ];
        string text = PciPolicyText.Write(rules);
        Assert.DoesNotContain('\u001b', text);
        IReadOnlyList<PciPolicyRule> read = PciPolicyText.Parse(text, "/p");
        Assert.Equal(["quirk 14e4:1645 00000078:4:00000000", "permissive 0000:03:00.0"], read.Select(r => r.ToString()));
        Assert.StartsWith("tg3", read[0].Name, StringComparison.Ordinal);
        Assert.Null(read[1].Name);
        Assert.Equal(text, PciPolicyText.Write(read));
    }

    [Fact]
    public void An_error_in_a_policy_names_its_line()
    {
        ConfigException error = Assert.Throws<ConfigException>(() => PciPolicyText.Parse("# c\n\npermissive 14e4:1645\nquirk x\n", "/p"));
        Assert.Equal((ErrorIds.PciPolicyRuleMalformed, 4), (error.ErrorId, error.Location.Line));
    }

    [Fact]
    public void Xends_files_are_read_as_xend_read_them()
    {
        const string Text = """
            # a comment
            (tg3
                (pci_ids
                    ('14e4:1644'   # one
                     '14E4:1645:FFFF:FFFF')
                )
                (pci_config_space_fields
                    ('00000078:4:00000000'
                     '0000009C:4:00000000')   # two
                )
            )
            (bare (pci_ids '8086:10d3') (pci_config_space_fields 80:2:0))
            (unconstrained_dev_ids
                #('0123:4567:89AB:CDEF')
            )
            (unconstrained_dev_ids ('1148:4400:1148:ffff'))
            """;
        IReadOnlyList<PciPolicyRule> rules = XendPolicyReader.Parse(Text, "/etc/xen/x.sxp");
        Assert.Equal(
            [
                "quirk 14e4:1644 00000078:4:00000000", "quirk 14e4:1644 0000009c:4:00000000", "quirk 14e4:1645 00000078:4:00000000",
                "quirk 14e4:1645 0000009c:4:00000000", "quirk 8086:10d3 00000080:2:00000000", "permissive 1148:4400:1148:ffff",
            ],
            rules.Select(r => r.ToString()));
        Assert.Equal(("tg3", "/etc/xen/x.sxp:4:10"), (rules[0].Name, rules[0].Source));
    }

    [Theory]
    [InlineData("word")]
    [InlineData("()")]
    [InlineData("(tg3)")]
    [InlineData("(tg3 (pci_ids ('14e4:1644')))")]
    [InlineData("(tg3 (pci_ids ('14e4')) (pci_config_space_fields ('78:4:0')))")]
    [InlineData("(tg3 (pci_ids ('14e4:1644')) (pci_config_space_fields ('78:5:0')))")]
    [InlineData("(unconstrained_dev_ids (('14e4:1644')))")]
    public void What_xend_would_not_have_understood_is_refused_with_its_place(string text)
    {
        ConfigException error = Assert.Throws<ConfigException>(() => XendPolicyReader.Parse(text, "/p"));
        Assert.Equal((ErrorIds.PciPolicyRuleMalformed, 1), (error.ErrorId, error.Location.Line));
    }

    [Fact]
    public void Pcibacks_list_is_read_and_devices_are_told_apart_by_their_ids()
    {
        const string Text = "03:00.0\n\t14e4:1645:1028:00ab\n\t\t00000000:2:00000000\n\t\t00000078:4:00000000\n"
            + "03:00.0\n\t8086:10d3:8086:a01f\n\t\t00000000:2:00000000\n04:00.0\n\t14e4:1645:1028:00ab\n\t\t0000";
        QuirksText quirks = QuirksText.Parse(Text);
        PciDevice far = s_card with
        {
            Address = PciAddress.Parse("0001:03:00.0"),
            VendorId = 0x8086,
            DeviceId = 0x10d3,
            SubsystemVendorId = 0x8086,
            SubsystemDeviceId = 0xa01f,
        };
        Assert.Equal([new(0, 2, 0), new(0x78, 4, 0)], quirks.FieldsOf(s_card.Address, [s_card, far])!);
        Assert.Equal([new(0, 2, 0)], quirks.FieldsOf(far.Address, [s_card, far])!);

        // Its twin in another PCI domain looks the same in the list.
        PciDevice twin = s_card with { Address = far.Address };
        Assert.Null(quirks.FieldsOf(s_card.Address, [s_card, twin]));
        PciDevice other = s_card with { Address = PciAddress.Parse("05:00.0") };
        Assert.Null(quirks.FieldsOf(other.Address, [s_card, other]));
        Assert.False(quirks.IsCut);
        Assert.True(QuirksText.Parse(new string('x', 4095)).IsCut);
    }
}
