namespace XenDriverDomain.Boot.Loaders;

/// <summary>The configuration file of Xen's EFI program (docs/misc/efi.pandoc): sections with <c>kernel=FILE PARAMETERS</c>.</summary>
internal static class XenEfiConfig
{
    /// <summary>The kernel lines of a file.</summary>
    public static IReadOnlyList<KernelLine> Read(string path, string text)
    {
        string section = string.Empty;
        string? booted = null;
        List<KernelLine> lines = [];
        foreach ((int Number, int Start, string Text) line in TextLines.Of(text))
        {
            string trimmed = line.Text.Trim();
            if (trimmed is ['[', .. var name, ']'])
            {
                section = name;
            }
            else if (trimmed.StartsWith("default=", StringComparison.Ordinal) && section == "global")
            {
                booted = trimmed["default=".Length..].Trim();
            }
            else if (trimmed.StartsWith("kernel=", StringComparison.Ordinal))
            {
                if (TextLines.Parameters(path, line, line.Text.IndexOf('=', StringComparison.Ordinal) + 1) is { } parameters)
                {
                    lines.Add(parameters with { Entry = section });
                }
            }
        }

        // Without default=, sections mean nothing and the first line of the file counts.
        return
        [
            .. lines.Select((line, i) => line with
            {
                IsDefault = booted is null ? i == 0 : line.Entry == booted || lines.All(one => one.Entry != booted),
            }),
        ];
    }
}
