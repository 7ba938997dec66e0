namespace XenDriverDomain.Fuzz.Grammars;

/// <summary>
/// Files of a language whose sentences are lines. A line is a template, in which <c>%</c> and a letter are a hole that is filled with one
/// of the texts of <see cref="Holes"/>, which may have holes themselves.
/// </summary>
internal sealed class LineGrammar(Random random, IReadOnlyList<string> lines) : Grammar(random)
{
    private static readonly string[] s_ends = ["", "\r\n", "\\\n", " \n", "\0\n", "\n\n", " #\n", ";"];
    private static readonly string[] s_odd =
        ["\"", "'", "\\", "$", "`", "(", ")", "=", " ", "\t", "\r", "#", "{", "}", "[", "]", "%", "\0", "é", "--", "&&", "|"];
    private readonly string[] _lines = [.. lines];

    /// <summary>What fills the holes.</summary>
    public static IReadOnlyDictionary<char, string[]> Holes { get; } = new Dictionary<char, string[]>
    {
        // Addresses and elements of hide=, and what pciback cannot read of them.
        ['e'] = ["(01:00.0)", "(0000:01:00.0)", "(01:00.*)", "(0000:01:*.*)", "(ab:1f.7)", "( 01: 00.0)", "(0x1:0.0)"],
        ['E'] =
        [
            "(0000:82.0.0)", "(01:00.8)", "(01:20.0)", "01:00.0", "(01:00.0", "01:00.0)", "(01::0)", ",(01:00.0)", "(01:00.0,02:00.0)",
            "()", "(*:*.*)", "((01:00.0))", "(123456789:0.0)",
        ],
        ['h'] = ["%e", "%e%e", "%e%e%e", "%e %e", "%e%E", "%E", "", "\"%e\"", "%e,%e"],
        ['H'] =
        [
            "xen-pciback.hide=%h", "xen_pciback.hide=%h", "pciback.hide=%h", "\"xen-pciback.hide=%h\"", "xen-pciback.hide",
            "xen-pciback.hide%h", "xen-pciback.permissive=1",
        ],

        // Kernels and their parameters.
        ['x'] =
        [
            "/boot/xen.gz", "xen.gz", "/xen-4.17-amd64.gz", "\\EFI\\xen\\xen.efi", "/xen/xen.efi", "--no-mem-option /xen.gz",
            "XEN.GZ", "xen",
        ],
        ['k'] = ["/boot/vmlinuz-6.1.0-28-amd64", "vmlinuz", "vmlinuz-lts", "", "/bzImage", "vmlinuz\t", "\"a b\""],
        ['p'] =
        [
            "root=/dev/sda1 ro quiet", "root=UUID=1-2 %H", "%H", "%H ro", "ro %H -- init", "-- %H", "", "console=hvc0  %H\tquiet",
            "a=\"b c\" %H", "a=\"b", "%H %H", "\"", "placeholder",
        ],

        // What a shell reads.
        ['v'] =
        [
            "A", "B", "GRUB_CMDLINE_LINUX", "GRUB_CMDLINE_LINUX_DEFAULT", "GRUB_CMDLINE_LINUX_XEN_REPLACE",
            "GRUB_CMDLINE_LINUX_XEN_REPLACE_DEFAULT", "GRUB_DEFAULT", "default_kernel_opts", "modules", "overwrite",
        ],
        ['q'] =
        [
            "\"%p\"", "\"$%v %p\"", "\"${%v}%p\"", "'%p'", "quiet", "1", "", "$%v$%v", "\"$%v$%v\"", "\"$(cat /x)\"", "`cat /x`",
            "a\"b\"'c'", "\"%p", "'%p", "\"a \\\" \\\\ \\$ \\\n b\"",
        ],

        // Rules of policies.
        ['i'] = ["14e4:1645", "8086:10d3:8086:a01f", "8086:10d3:ffff:ffff", "14E4:1645"],
        ['I'] = ["14e4", "14e4:16451", "14e4:1645:1", "14e4:1645:1:2:3", ":::", "g4e4:1645", "", "+14e:1645"],
        ['f'] = ["78:4:0", "00000078:4:00000000", "10:2:ff", "fff:1:ff", "0:4:ffffffff"],
        ['F'] = ["78:5:0", "1000:4:0", "78:1:100", "78:4", "78:4:0:0", "x:4:0", "::", "78:4:100000000", "-1:4:0"],
        ['a'] = ["0000:01:00.0", "01:00.0", "abcd:ff:1f.7"],
        ['A'] = ["01:00", "0000:01:00.8", "0000:01:00.*", ".", "1.2.3", "0000:01:00.0x"],
        ['t'] = ["%i", "%i", "%i", "%i", "%i", "%i", "%i", "%a", "%a", "%a", "%a", "%a", "%a", "%I", "%A"],
        ['d'] = ["%f", "%f", "%f", "%f", "%f", "%f", "%f", "%f", "%f", "%f", "%f", "%F"],
        ['n'] = ["tg3", "e1000e", "unconstrained_dev_ids", "pci_ids", "a b", "é", "\u001b[31m", "x"],
        ['s'] = [" ", " ", " ", "\t", "  ", "\n\t"],
    };

    protected override void WriteFile()
    {
        for (int n = Number(12); n >= 0 && !IsLong; n--)
        {
            Fill(OneOf(_lines));
            Write(Breaks(4) ? OneOf(s_ends) : "\n");
        }
    }

    private void Fill(string template)
    {
        for (int i = 0; i < template.Length; i++)
        {
            if (Breaks(1))
            {
                WriteOne(s_odd);
            }

            if (template[i] == '%' && i + 1 < template.Length && Holes.TryGetValue(template[i + 1], out string[]? fillings))
            {
                Fill(OneOf(fillings));
                i++;
            }
            else
            {
                Write(template[i].ToString());
            }
        }
    }
}
