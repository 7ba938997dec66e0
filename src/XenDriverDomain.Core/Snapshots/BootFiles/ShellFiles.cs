using System.Text;
using XenDriverDomain.Assignment.AtBoot.Loaders;

namespace XenDriverDomain.Snapshots.BootFiles;

/// <summary>/etc/default/grub and the files beside it, which a shell reads.</summary>
internal static class ShellFiles
{
    /// <summary>The file, in which every value that may be a part of a command line is reduced; null when secrets could not be told from the rest.</summary>
    public static string? Reduce(string path, string text, BootFileLog log)
    {
        ShellSettings settings = new();
        settings.Read(path, text);
        StringBuilder reduced = new();
        int at = 0;
        foreach (ShellAssignment one in settings.Assignments)
        {
            int name = text.LastIndexOf(one.Name, one.Start, StringComparison.Ordinal);
            if (Between(text[at..name], log) is not { } between)
            {
                return null;
            }

            reduced.Append(between).Append(text, name, one.Start - name).Append(Value(one, log));
            at = one.Start + one.Raw.Length;
        }

        return Between(text[at..], log) is { } rest ? reduced.Append(rest).ToString() : null;
    }

    private static string Value(ShellAssignment one, BootFileLog log)
    {
        bool isCommandLine = !one.Name.StartsWith("GRUB_", StringComparison.Ordinal) || one.Name.Contains("CMDLINE", StringComparison.Ordinal);
        bool isXens = one.Name is "GRUB_CMDLINE_XEN" or "GRUB_CMDLINE_XEN_DEFAULT";
        return Secrets.IsSecretName(one.Name) ? log.SecretValue()
            : isXens || !isCommandLine ? log.Masked(one.Raw)
            : one.Value is null ? log.Unresolved()
            : log.Linux(one.Raw);
    }

    // Comments, and what else a shell reads.
    private static string? Between(string text, BootFileLog log)
    {
        bool isOdd = false;
        string reduced = string.Join('\n', text.Split('\n').Select(line =>
        {
            int comment = line.IndexOf('#', StringComparison.Ordinal);
            if (comment < 0)
            {
                isOdd |= Secrets.MayHoldSecret(line);
                return line;
            }

            string kept = BootLines.Reduce(line[comment..], log, (rest, _, _) => rest);
            isOdd |= Secrets.MayHoldSecret(line[..comment]);
            return line[..comment] + kept;
        }));
        return isOdd ? null : reduced;
    }
}
