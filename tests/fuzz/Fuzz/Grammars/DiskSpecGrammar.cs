namespace XenDriverDomain.Fuzz.Grammars;

/// <summary>Disk strings (xl-disk-configuration(5)): positional ones with xm's prefixes, and keys.</summary>
internal sealed class DiskSpecGrammar(Random random) : Grammar(random)
{
    private static readonly string[] s_targets =
        ["/dev/vg/x", "/vm/a.img", "vg/x", "img-1.raw", "/a b/c", "x@y/z", "/vm/é.img", "//1.2.3.4/x"];

    private static readonly string[] s_oddTargets = ["", "/a:b", "/a=b", "=", ":", "/x,y", "host:/p", "a:b:c", " /x", "/x "];

    private static readonly string[] s_prefixes =
    [
        "phy:", "file:", "aio:", "tap:aio:", "tap2:qcow2:", "tapdisk:", "ioemu:", "raw:", "qcow:", "qcow2:", "vhd:", "iscsi:", "nbd:",
        "enbd:", "drbd:", "phy:file:", "tap:tapdisk:aio:",
    ];

    private static readonly string[] s_oddPrefixes =
        ["bogus:", "Phy:", "2:", "iscsi:nbd:", "raw:qcow2:", "qcow2:vhd:", ":", "phy::", "phy: "];

    private static readonly string[] s_formats = ["", "raw", "qcow", "qcow2", "qed", "vhd", "empty"];

    private static readonly string[] s_devices = ["xvda", "hda1", "sda", "d0", "d1p2", "xvdaa", "hdc:cdrom", "xvdb:disk", "sr0"];

    private static readonly string[] s_oddDevices = ["", "ioemu:hda", "hda:floppy", "hda:", "xv da", "é", "xvda,", "a:b:cdrom"];

    private static readonly string[] s_accesses = ["r", "w", "ro", "rw", ""];

    private static readonly string[] s_keys =
    [
        "format=raw", "format=qcow2", "format=", "vdev=xvda", "vdev=hdc", "access=r", "access=rw", "access=", "access=w", "backend=dd",
        "backend=7", "backend=", "backendtype=phy",
        "backendtype=qdisk", "backendtype=tap", "devtype=cdrom", "devtype=disk", "cdrom", "script=block-x", "direct-io-safe", "discard",
        "no-discard",
        "script=/etc/xen/scripts/y", "colo", "no-colo", "colo-port=9000", "colo-host=h", "colo-export=e", "active-disk=/a",
        "hidden-disk=/h", "specification=xen",
    ];

    private static readonly string[] s_oddKeys =
    [
        "format=iso", "access=x", "access=w!", "vdev=", "backendtype=", "backendtype=blk", "devtype=floppy", "devtype=", "script=",
        "unknown=1", "unknown=12", "Vdev=x", "cdrom=1",
        "discard=1", "colo-port=x", "format =raw", "format= raw", "specification=x", "transport=mmio", "base=1", "irq=1", "discard-enable",
        "readonly", "direct-io-safe=1", "backend=a b", "backend=dd ", "backend=é",
    ];

    protected override void WriteFile()
    {
        if (Chance(60))
        {
            WritePositional();
        }
        else
        {
            WriteKeys(Number(6) + 1);
            if (Chance(70))
            {
                Write($",target={OneOf(Breaks(15) ? s_oddTargets : s_targets)}");
            }
        }

        if (Breaks(3))
        {
            WriteOne([",", " ", ",,", "\t", ",x"]);
        }
    }

    private void WritePositional()
    {
        bool hasPrefix = Chance(50);
        if (hasPrefix)
        {
            WriteOne(Breaks(10) ? s_oddPrefixes : s_prefixes);
        }

        WriteOne(Chance(4) ? [""] : Breaks(15) ? s_oddTargets : s_targets);
        if (!hasPrefix || Breaks(10))
        {
            Comma();
            WriteOne(Breaks(8) ? ["iso", "QCOW2", "raw "] : s_formats);
        }

        Comma();
        WriteOne(Breaks(10) ? s_oddDevices : s_devices);
        if (Chance(75))
        {
            Comma();
            WriteOne(Breaks(10) ? ["x", "w!", "RW", "r "] : s_accesses);
            if (Chance(40))
            {
                Comma();
                WriteKeys(Number(3) + 1);
            }
            else if (Breaks(10))
            {
                Write(",dd");
            }
        }
    }

    private void WriteKeys(int count)
    {
        for (int n = 0; n < count; n++)
        {
            if (n > 0)
            {
                Comma();
            }

            WriteOne(Breaks(10) ? s_oddKeys : s_keys);
        }
    }

    private void Comma() => Write(Chance(90) ? "," : Breaks(20) ? OneOf([",,", " ,", ""]) : ", ");
}
