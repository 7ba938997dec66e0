using XenDriverDomain.Configuration;
using XenDriverDomain.Configuration.Sxp;
using XenDriverDomain.Configuration.Xm;
using XenDriverDomain.Fuzz.Grammars;

namespace XenDriverDomain.Fuzz;

/// <summary>A reader under test and the grammar of what it reads.</summary>
/// <param name="Read">Reads a text; a <see cref="ConfigException"/> is the only exception it may end with.</param>
/// <param name="Grammar">The grammar, with its random numbers.</param>
internal sealed record Target(Action<string> Read, Func<Random, Grammar> Grammar)
{
    public const string Names = "xl, xm, sxp";

    /// <summary>The target of a name; null when there is none.</summary>
    public static Target? Find(string name) => name switch
    {
        "xl" => new(ReadXl, random => new XlGrammar(random)),
        "xm" => new(
            text => XmFile.Run(text, "fuzz", new XmRunOptions { Variables = [new("beid", "4")] }), random => new XmGrammar(random)),
        "sxp" => new(text => SxpDocument.Parse(text, "fuzz"), random => new SxpGrammar(random)),
        _ => null,
    };

    // What is asked for after reading belongs to it.
    private static void ReadXl(string text)
    {
        XlConfigDocument document = XlConfigDocument.Parse(text, "fuzz");
        foreach (string key in document.Keys)
        {
            _ = document.GetValue(key) is XlConfigAtom { Number: not null };
        }
    }
}
