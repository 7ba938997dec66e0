using System.Text;
using XenDriverDomain.Assignment.AtBoot.Loaders;

namespace XenDriverDomain.Snapshots.BootFiles;

/// <summary>/etc/default/grub with the files beside it, and /etc/update-extlinux.conf, which a shell reads.</summary>
internal static class ShellFiles
{
    private static readonly string[] s_xens = ["GRUB_CMDLINE_XEN", "GRUB_CMDLINE_XEN_DEFAULT", "xen_opts"];

    // Of update-extlinux; GRUB's begin with its name.
    private static readonly string[] s_settings =
        ["overwrite", "vesa_menu", "modules", "root", "default", "timeout", "hidden", "prompt", "verbose", "baudrate", "serial_port"];

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
        // Any other variable may be put into the command line by its name.
        bool isSetting = s_xens.Contains(one.Name) || s_settings.Contains(one.Name)
            || (one.Name.StartsWith("GRUB_", StringComparison.Ordinal) && !one.Name.Contains("CMDLINE", StringComparison.Ordinal));
        return one.Raw.Length == 0 ? one.Raw
            : Secrets.IsSecretName(one.Name) ? log.SecretValue()
            : isSetting ? log.Masked(one.Raw)
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
