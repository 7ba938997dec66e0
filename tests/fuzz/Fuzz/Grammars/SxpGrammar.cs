namespace XenDriverDomain.Fuzz.Grammars;

/// <summary>SXP as xm and xend wrote and read it (tools/python/xen/xend/sxp.py).</summary>
internal sealed class SxpGrammar(Random random) : Grammar(random)
{
    private const int Deepest = 40;

    private static readonly string[] s_atoms =
    [
        "vm", "domain", "device", "vif", "vbd", "pci", "dev", "bus", "slot", "func", "name", "memory", "backend", "0x0", "0x1a", "12",
        "-1", "1.5",
        "file:/a/b.img", "phy:vg/x", "hda1", "w", "nil", "a.b", "é", "x=y", "0000:01:00.0", "8086:10d3:8086:a01f", "%d", "@", "!",
    ];

    private static readonly string[] s_texts =
    [
        "'a b'", "\"a b\"", "''", "\"\"", "'\\n\\t\\\\'", "\"\\x41\\x7f\"", "'\\101'", "'it\\'s'", "\"(\"", "')'",
        "'\n'", "\"é\"", "'#'",
    ];

    private static readonly string[] s_gaps =
        [" ", " ", " ", "\n", "\t", "  ", "\r\n", " # comment\n", "#\n", "\n\n"];

    private static readonly string[] s_oddGaps = [";", "{", "}", "<", ">", "[", "]", "", "\0", "\v", "\f", "\\"];

    private static readonly string[] s_oddTexts = ["'\\400'", "'\\x4'", "\"\\q\"", "'open", "\"open", "'\\", "'", "a'b", "\\"];

    protected override void WriteFile()
    {
        for (int n = Number(3); n >= 0; n--)
        {
            WriteValue(0);
            WriteOne(Breaks(2) ? s_oddGaps : s_gaps);
        }

        if (Breaks(10))
        {
            WriteOne([")", "(", "#", "# no end", "\\", "'", "\0"]);
        }
    }

    private void WriteValue(int depth)
    {
        if (depth < 3 ? !Chance(80) : depth > Deepest || IsLong || !Chance(45))
        {
            WriteOne(Breaks(2) ? s_oddTexts : Chance(75) ? s_atoms : s_texts);
            return;
        }

        Write("(");
        for (int n = Number(6); n > 0; n--)
        {
            WriteValue(depth + 1);
            WriteOne(Breaks(2) ? s_oddGaps : s_gaps);
        }

        if (!Breaks(2))
        {
            Write(")");
        }
    }
}
