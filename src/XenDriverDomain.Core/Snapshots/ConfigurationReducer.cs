using System.Text;
using System.Text.RegularExpressions;
using XenDriverDomain.Access;
using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Errors;
using XenDriverDomain.Snapshots.Redaction;

namespace XenDriverDomain.Snapshots;

/// <summary>
/// A domain's configuration with what is known to be harmless: the settings that xl reads, and of their values what
/// <see cref="HarmlessWords"/> lets stay. Lines keep their numbers. Every assignment is looked at, also one that a later one overrides.
/// </summary>
internal sealed partial class ConfigurationReducer(LeftOutLog leftOut)
{
    /// <summary>What is counted.</summary>
    public const string Words = "words of configuration files";

    // What a device model is given may hold a secret in any form; firmware's tables have serial numbers and asset tags.
    private static readonly string[] s_free = ["device_model_args", "device_model_args_pv", "device_model_args_hvm", "smbios"];

    private static readonly string[] s_linux = ["extra", "cmdline", "stubdomain_cmdline"];
    private static readonly string[] s_xen = ["pvshim_cmdline", "pvshim_extra"];

    // The grammars of these are no list of settings, and have no place for a text of one's own.
    private static readonly string[] s_own = ["cpuid", "vnuma", "rdm", "viridian", "ioports", "irqs", "iomem"];

    // Says that there is no password, and is a number.
    private const string NoTicket = "spicedisable_ticketing";

    private int _count;

    /// <summary>What is kept; null when the file cannot be understood, so that nothing is known of what is in it.</summary>
    public string? Reduce(byte[] content)
    {
        _count = 0;
        try
        {
            XlConfigDocument document = XlConfigDocument.Parse(content);
            string reduced = ByteText.Of(XlConfigDocument.Parse(Reduce(document)).Write());
            leftOut.Add(Words, "they are not known to be harmless: passwords, keys and arguments of programs stay on the host", _count);
            return reduced;
        }
        catch (XenDriverDomainException)
        {
            return null;
        }
    }

    private string Reduce(XlConfigDocument document)
    {
        StringBuilder text = new();
        int at = 0;
        foreach (XlConfigAssignment assignment in document.Assignments)
        {
            Between(text, document.Text[at..assignment.Start]);
            at = assignment.Value.End;
            if (!XlKeys.IsKnown(assignment.Key) || s_free.Contains(assignment.Key))
            {
                // The line stays, with nothing on it.
                _count++;
                continue;
            }

            int from = assignment.Start;
            foreach (XlConfigAtom atom in Atoms(assignment.Value))
            {
                // Between the elements of a list may stand comments.
                if (from == assignment.Start)
                {
                    text.Append(document.Text, from, assignment.OperatorEnd - from);
                    from = assignment.OperatorEnd;
                }

                Between(text, document.Text[from..atom.Start]);
                string kept = Value(assignment.Key, atom.Text);
                string literal = document.Text[atom.Start..atom.End];
                text.Append(kept == atom.Text ? literal : XlConfigText.Quote(kept, literal[0] == '\'' ? '\'' : '"'));
                from = atom.End;
            }

            if (from == assignment.Start)
            {
                text.Append(document.Text, from, assignment.OperatorEnd - from);
                from = assignment.OperatorEnd;
            }

            Between(text, document.Text[from..at]);
        }

        Between(text, document.Text[at..]);
        return text.ToString();
    }

    private static IEnumerable<XlConfigAtom> Atoms(XlConfigValue value) => value switch
    {
        XlConfigAtom atom => [atom],
        XlConfigList list => list.Items.SelectMany(Atoms),
        _ => [],
    };

    private string Value(string key, string text)
    {
        if (text.Length == 0)
        {
            return text;
        }

        if (Secrets.IsSecretName(key) && key != NoTicket)
        {
            _count++;
            return Secrets.Mask;
        }

        (string kept, int count) = key switch
        {
            _ when s_linux.Contains(key) => HarmlessWords.ReduceInPlace(text, HarmlessWords.Kind.Linux),
            _ when s_xen.Contains(key) => HarmlessWords.ReduceInPlace(text, HarmlessWords.Kind.Xen),
            "bootloader_args" => HarmlessWords.ReduceInPlace(text, HarmlessWords.Kind.Loader),
            "root" => Root(text),
            _ when s_own.Contains(key) => Secrets.MayHoldSecret(text) ? (Secrets.Mask, 1) : (text, 0),
            _ => HarmlessWords.ReduceSettings(text, HarmlessWords.Kind.Device),
        };
        _count += count;
        return kept;
    }

    // The device, and what follows it on the command line: /dev/xvda1 ro.
    private static (string Kept, int LeftOut) Root(string text)
    {
        int blank = text.IndexOf(' ', StringComparison.Ordinal);
        string device = blank < 0 ? text : text[..blank];
        if (!HarmlessWords.IsHarmless("root=" + device, HarmlessWords.Kind.Linux))
        {
            return (Secrets.Mask, 1);
        }

        (string rest, int count) = HarmlessWords.ReduceInPlace(text[device.Length..], HarmlessWords.Kind.Linux);
        return (device + rest, count);
    }

    // Blanks, brackets, commas and comments: nothing else stands outside of what was parsed.
    private void Between(StringBuilder text, string between) => text.Append(Comments().Replace(between, match =>
    {
        if (HarmlessWords.IsKnownComment(match.Value) || Notes().IsMatch(match.Value))
        {
            return match.Value;
        }

        leftOut.Add(HarmlessWords.Comments, HarmlessWords.WhyComments);
        return "# " + Secrets.Mask;
    }));

    [GeneratedRegex("#[^\n]*")]
    private static partial Regex Comments();

    // What this module keeps there: the bridge to look for, and which file it was made of.
    [GeneratedRegex("^# XenDriverDomain: (?:bridge=[A-Za-z0-9._:-]{1,15}|source=[A-Za-z0-9 ._/-]*)$")]
    private static partial Regex Notes();
}
