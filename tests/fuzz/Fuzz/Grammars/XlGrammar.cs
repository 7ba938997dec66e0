namespace XenDriverDomain.Fuzz.Grammars;

/// <summary>
/// xl.cfg (tools/libs/util/libxlu_cfg_l.l and .y) with all that is odd about it: octal numbers, <c>+=</c>, <c>;</c>, ends of lines and of
/// the file.
/// </summary>
internal sealed class XlGrammar(Random random) : Grammar(random)
{
    private const int DeepestList = 5;

    private static readonly string[] s_keys =
    [
        "name", "memory", "vif", "disk", "pci", "a", "b", "a", "b", "a.b", "x_1", "on_crash", "kernel", "z9.", "vcpus",
    ];

    private static readonly string[] s_oddKeys =
        ["Name", "a-b", "1a", "_a", "é", "a b", "\"a\"", "", "memMax", "if", "import os", "def f(x):"];

    private static readonly string[] s_blanks = ["", "", "", " ", " ", "\t", "  ", " \t "];

    private static readonly string[] s_numbers =
    [
        "0", "1", "5", "512", "0512", "07", "08", "00", "0x1f", "0x", "0xff", "1fa", "9x", "0b1", "9223372036854775807",
        "9223372036854775808", "18446744073709551616", "99999999999999999999999999", "0777777777777777777777", "0x7fffffffffffffff",
    ];

    private static readonly string[] s_oddNumbers =
        ["-1", "+1", "512m", "0x1F", "1.5", "1_000", "1L", "1e3", "0o17", "True", "None", "yes"];

    private static readonly string[] s_textParts =
    [
        "x", "web1", "phy:/dev/vg/a,xvda,w", "bridge=xenbr0, mac=00:16:3e:00:00:01", "0000:03:00.0", " ", "12", "0x1f", "-0x10", " 5",
        "é", "ü€",
        "#", ";", ",", "[", "]", "=", "\t", "+",
    ];

    private static readonly string[] s_escapes = ["\\\\", "\\\"", "\\'", "\\a", "\\b", "\\f", "\\n", "\\r", "\\t", "\\v"];

    private static readonly string[] s_oddEscapes =
    [
        "\\101", "\\7", "\\12", "\\012", "\\1 2", "\\1\t\t5", "\\7-1", "\\7+", "\\1-2", "\\000", "\\8", "\\x41", "\\xzz", "\\q",
        "\\u00e9", "\\ ",
        "\\", "\\\n", "\n", "\r", "\v", "\f", "\u007f",
    ];

    private static readonly string[] s_ends =
        ["\n", "\n", "\n", "\n", "\n", "\n", ";", " ; ", ";\n", "\n\n", " # comment\n", "# é 'x' [\n", "\t\n"];

    private static readonly string[] s_oddEnds = ["\r\n", "\r", "", " ", ",", "]", "\f\n", "\v\n", " \\\n", "@\n", "@"];

    private static readonly string[] s_lines =
    [
        "\n", ";", ";;", "# comment\n", "#\n", "# ä ; a = 1\n", "   \n", "\t# [\n",
    ];

    private static readonly string[] s_tails = ["#", "# no end", "@", "'", "\"", "-", "- ", "a", "a=", "é", "\r", "\0", "[", "+"];

    protected override void WriteFile()
    {
        if (Breaks(2))
        {
            Write("\ufeff");
        }

        for (int n = Number(9); n >= 0 && !IsLong; n--)
        {
            if (Chance(20))
            {
                WriteOne(s_lines);
            }
            else
            {
                WriteAssignment();
                WriteOne(Breaks(4) ? s_oddEnds : s_ends);
            }
        }

        if (Chance(30))
        {
            TrimEnd('\n');
        }

        if (Breaks(15))
        {
            WriteOne(s_tails);
        }
    }

    private void WriteAssignment()
    {
        WriteOne(s_blanks);
        WriteOne(Breaks(3) ? s_oddKeys : s_keys);
        WriteOne(s_blanks);
        Write(Breaks(3) ? OneOf(["==", "", "+ =", "\n=", "=\n", ":=", "= ="]) : Chance(75) ? "=" : "+=");
        WriteOne(s_blanks);
        WriteValue(0);
        WriteOne(s_blanks);
    }

    private void WriteValue(int depth)
    {
        switch (Number(10))
        {
            case < 3:
                WriteOne(Breaks(5) ? s_oddNumbers : s_numbers);
                break;
            case < 7:
                WriteText();
                break;
            default:
                WriteList(depth);
                break;
        }
    }

    private void WriteText()
    {
        string quote = Chance(50) ? "'" : "\"";
        Write(quote);
        for (int n = Number(5); n > 0; n--)
        {
            WriteOne(Breaks(4) ? s_oddEscapes : Chance(80) ? s_textParts : s_escapes);
            if (Chance(4))
            {
                Write(quote == "'" ? "\"" : "'");
            }
        }

        if (!Breaks(1))
        {
            Write(quote);
        }
    }

    private void WriteList(int depth)
    {
        Write("[");
        WriteGap();
        for (int n = depth < DeepestList && !IsLong ? Number(5) : 0; n > 0; n--)
        {
            WriteValue(Chance(70) ? DeepestList : depth + 1);
            WriteGap();
            if (n > 1 || Chance(20))
            {
                Write(Breaks(2) ? OneOf([";", "", ",,"]) : ",");
                WriteGap();
            }
        }

        if (!Breaks(1))
        {
            Write("]");
        }
    }

    // Ends of lines are allowed in some places of a list, and Xen's grammar decides in which.
    private void WriteGap()
    {
        WriteOne(s_blanks);
        if (Chance(15))
        {
            WriteOne(["\n", "\n", " # comment\n", "\n\n", "\t\n "]);
        }
    }
}
