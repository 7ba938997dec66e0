namespace XenDriverDomain.Fuzz.Grammars;

/// <summary>PCI_SPEC_STRINGs (xl-pci-configuration(5)), with what people get wrong in them.</summary>
internal sealed class PciSpecGrammar(Random random) : Grammar(random)
{
    private static readonly string[] s_addresses =
        ["01:00.0", "0000:01:00.0", "1:0.0", "AB:1F.7", "abcd:ff:1f.7", "0000:03:00.*", "3:1.*", "36:00.0"];

    private static readonly string[] s_oddAddresses =
    [
        "101:00.0", "01:20.0", "01:00.8", "10000:01:00.0", "01:00", "01", "", "01:00.0x", "01:00.00", "0x1:00.0", "001:00.0", "01:00.f",
        "01:00.", "01.00:0", "g1:00.0",
        "01:00.0 ", " 01:00.0", "01: 00.0", "+1:00.0", "01:00.0@", "01:00.-1", "01:00..0", "0:1:0:0.0", "01:00.*x", "01:00.**", "-1:00.0",
    ];

    private static readonly string[] s_slots = ["0", "1", "8", "1f", "1F", "0x5", "0X1f", "05"];

    private static readonly string[] s_oddSlots = ["20", "0x20", "ff", "", "x", "005", "5x", " 5", "-1", "*", "1@2"];

    private static readonly string[] s_flags = ["permissive", "msitranslate", "seize", "power_mgmt"];

    private static readonly string[] s_oddKeys = ["driver", "Permissive", "", " permissive", "permissive ", "rdm", "vslott", "bdf "];

    private static readonly string[] s_oddFlags = ["yes", "2", "", "-1", "01", "1x", " 1", "true", "256", "65536"];

    protected override void WriteFile()
    {
        bool isNamed = Chance(20);
        if (isNamed)
        {
            WriteOne(["name=nic0", "name=a.b_c", "name=Nic-1"]);
        }
        else
        {
            Write(Chance(20) ? "bdf=" : "");
            WriteOne(Breaks(25) ? s_oddAddresses : s_addresses);
            if (Chance(20))
            {
                Write("@");
                WriteOne(Breaks(30) ? s_oddSlots : s_slots);
            }
        }

        for (int n = Number(4); n > 0; n--)
        {
            Write(Breaks(5) ? OneOf([", ", ",,", " ,", ";", "", ",\t"]) : ",");
            WriteOption();
        }

        if (Breaks(5))
        {
            WriteOne([",", " ", "@5", ",permissive", "\n", ",=", ",é=1"]);
        }
    }

    private void WriteOption()
    {
        switch (Number(9))
        {
            case < 5:
                WriteOne(Breaks(6) ? s_oddKeys : s_flags);
                Write(Breaks(4) ? OneOf(["", " = ", "=="]) : "=");
                WriteOne(Breaks(15) ? s_oddFlags : ["0", "1"]);
                break;
            case 5:
                Write("vslot=");
                WriteOne(Breaks(30) ? s_oddSlots : s_slots);
                break;
            case 6:
                Write("rdm_policy=");
                WriteOne(Breaks(20) ? ["lax", "", "Strict", "strict ", "invalid"] : ["strict", "relaxed"]);
                break;
            case 7 when Chance(40):
                Write("bdf=");
                WriteOne(Breaks(30) ? s_oddAddresses : s_addresses);
                break;
            default:
                Write(Chance(30) ? "name=" + OneOf(["x", "", "a=b", "é", "a b"]) : "seize=1");
                break;
        }
    }
}
