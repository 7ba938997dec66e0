namespace XenDriverDomain.Boot.Loaders;

/// <summary>A stretch of a boot file that holds parameters of dom0's kernel, or of the module pciback.</summary>
/// <param name="Path">The file.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Start">Where the stretch begins in the file.</param>
/// <param name="Text">What stands there; empty for a stretch that is not there yet.</param>
internal sealed record KernelLine(string Path, int Line, int Start, string Text)
{
    /// <summary>The name of the boot entry; null when it holds for all.</summary>
    public string? Entry { get; init; }

    /// <summary>True unless another entry is known to be the one that is booted.</summary>
    public bool IsDefault { get; init; } = true;

    /// <summary>What must be written before it when it is changed: quotes, or a whole assignment that was not there.</summary>
    public string Prefix { get; init; } = string.Empty;

    /// <summary>What must be written behind it when it is changed.</summary>
    public string Suffix { get; init; } = string.Empty;

    /// <summary>What goes when nothing is left on it; null when it stays as an empty one.</summary>
    public (int Start, int Length)? GoesWhenEmpty { get; init; }

    /// <summary>All parameters that the kernel gets, where that is more than stands here; null when it is not.</summary>
    public string? Whole { get; init; }

    /// <summary>The file with this stretch changed.</summary>
    public string Change(string file, string text)
    {
        if (text == Text)
        {
            return file;
        }

        if (string.IsNullOrWhiteSpace(text) && GoesWhenEmpty is { } all)
        {
            return file.Remove(all.Start, all.Length);
        }

        // The blank that divides it from the kernel's path, when the first word went and another one came.
        string divided = text.Length > 0 && Text is [' ' or '\t', ..] && text[0] is not (' ' or '\t') ? Text[0] + text : text;
        return string.Concat(string.Concat(file.AsSpan(0, Start), Prefix, divided), Suffix, file.AsSpan(Start + Text.Length));
    }
}
