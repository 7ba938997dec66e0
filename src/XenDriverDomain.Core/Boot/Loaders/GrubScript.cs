namespace XenDriverDomain.Boot.Loaders;

/// <summary>grub.cfg, what GRUB 2 reads: the entries that boot Xen, and the parameters that they give dom0's kernel.</summary>
internal static class GrubScript
{
    /// <summary>The entries of Xen, with their titles.</summary>
    public static IReadOnlyList<(string Title, string Parameters)> XenEntries(string text)
    {
        List<(string, string)> entries = [];
        string title = string.Empty;
        bool isXen = false;
        foreach ((_, _, string line) in TextLines.Of(text))
        {
            (string command, int end) = TextLines.FirstWord(line, 0);
            switch (command)
            {
                case "menuentry":
                    title = TitleOf(line[end..]);
                    isXen = false;
                    break;
                case "multiboot" or "multiboot2" or "xen_hypervisor":
                    isXen = TextLines.IsXen(TextLines.FirstWord(line, end).Word);
                    break;
                case "module" or "module2" or "xen_module" when isXen:
                    // The first module is the kernel; the others are RAM disks and policies.
                    entries.Add((title, line[TextLines.FirstWord(line, end).End..]));
                    isXen = false;
                    break;
                default:
                    break;
            }
        }

        return entries;
    }

    private static string TitleOf(string rest)
    {
        string text = rest.TrimStart();
        return text.Length > 0 && text[0] is '\'' or '"' && text.IndexOf(text[0], 1) is var end and > 0
            ? text[1..end]
            : TextLines.FirstWord(text, 0).Word;
    }
}
