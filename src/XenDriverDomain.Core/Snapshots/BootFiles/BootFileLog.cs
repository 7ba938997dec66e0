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
    public void UnreadLines(int count) => leftOut.Add("lines of boot files", "they say nothing about kernels, pciback and when it is loaded", count);

    /// <summary>A value that is a secret, as its name says.</summary>
    public string SecretValue()
    {
        leftOut.Add(Masks, Why);
        return Secrets.Mask;
    }

    /// <summary>Parameters of Linux.</summary>
    public string Linux(string parameters)
    {
        (string kept, int count) = KernelCommandLine.ReduceInPlace(parameters);
        leftOut.Add(Words, NotHarmless, count);
        return kept;
    }

    /// <summary>A comment with a command line that has more than what is known to be harmless.</summary>
    public string CommandLineComment()
    {
        leftOut.Add(Words, NotHarmless);
        return Placeholder;
    }

    /// <summary>Parameters of Linux that have to be run to be known: what is run may hold a secret, what stands for it is as little known.</summary>
    public string Unresolved()
    {
        leftOut.Add(Words, NotHarmless);
        return $"$({Secrets.Mask})";
    }

    /// <summary>A text that is kept but for secrets in it.</summary>
    public string Masked(string text)
    {
        string masked = Secrets.MaskIn(text);
        leftOut.Add(Masks, Why, masked == text ? 0 : 1);
        return masked;
    }
}
