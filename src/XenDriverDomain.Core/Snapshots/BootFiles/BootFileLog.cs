using XenDriverDomain.Snapshots.Redaction;

namespace XenDriverDomain.Snapshots.BootFiles;

/// <summary>Counts what is left out of boot files, and puts something in its place.</summary>
internal sealed class BootFileLog(LeftOutLog leftOut)
{
    /// <summary>A comment in every one of these files, so that the lines that are kept have their numbers.</summary>
    public const string Placeholder = "# " + Secrets.Mask;

    private const string Masks = "secrets in boot files";
    private const string Words = "command line words in boot files";
    private const string NotHarmless = "they are not known to be harmless";
    private const string Why = "secrets stay on the host";

    /// <summary>A line that is or may hold a secret.</summary>
    public string SecretLine()
    {
        leftOut.Add("lines of boot files with secrets", Why);
        return Placeholder;
    }

    /// <summary>A line that nothing here reads.</summary>
    public string UnreadLine()
    {
        UnreadLines(1);
        return Placeholder;
    }

    /// <summary>Lines that nothing here reads.</summary>
    public void UnreadLines(int count) =>
        leftOut.Add("lines of boot files", "they say nothing about kernels, pciback and when it is loaded", count);

    /// <summary>A value that is a secret, as its name says.</summary>
    public string SecretValue()
    {
        leftOut.Add(Masks, Why);
        return Secrets.Mask;
    }

    /// <summary>Parameters of Linux.</summary>
    public string Linux(string parameters) => Parameters(parameters, HarmlessWords.Kind.Linux);

    /// <summary>Parameters of Xen.</summary>
    public string Xen(string parameters) => Parameters(parameters, HarmlessWords.Kind.Xen);

    /// <summary>Options of pciback, as modprobe gives them.</summary>
    public string Options(string parameters) => Parameters(parameters, HarmlessWords.Kind.Pciback);

    /// <summary>A comment; that of a setting may be tried as one.</summary>
    public string Comment(string comment)
    {
        if (HarmlessWords.IsKnownComment(comment))
        {
            return comment;
        }

        leftOut.Add(HarmlessWords.Comments, HarmlessWords.WhyComments);
        return Placeholder;
    }

    /// <summary>
    /// Parameters of Linux that have to be run to be known: what is run may hold a secret, what stands for it is as little known.
    /// </summary>
    public string Unresolved()
    {
        leftOut.Add(Words, NotHarmless);
        return $"$({Secrets.Mask})";
    }

    /// <summary>What names files or modules, and is kept when it can be nothing else.</summary>
    public string Plain(string text) => HarmlessWords.IsPlain(text) ? text : $" {SecretValue()}";

    private string Parameters(string parameters, HarmlessWords.Kind kind)
    {
        (string kept, int count) = HarmlessWords.ReduceInPlace(parameters, kind);
        leftOut.Add(Words, NotHarmless, count);
        return kept;
    }
}
