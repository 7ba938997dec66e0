using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.Configuration;
using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Errors;

namespace XenDriverDomain.ConfigFiles;

/// <summary>
/// The xl.cfg on dom0 that a guest is started from when its own configuration is none: an old file that was converted, or one that is not
/// on dom0. A note in it says that it was generated and may be generated again.
/// </summary>
/// <param name="Path">Where it is.</param>
/// <param name="Step">The step that writes it; null when it is there already.</param>
internal sealed record GeneratedConfigFile(string Path, ChangeStep? Step)
{
    /// <summary>Where those of guests are; those of driver domains are among the others of driver domains.</summary>
    public const string Directory = "/etc/xen/guests";

    private const string SourceNote = "source";

    private static readonly string[] s_marks =
        ["# Written by XenDriverDomain", "# Converted by XenDriverDomain", "# XenDriverDomain: "];

    /// <summary>Looks what is there, and plans the file.</summary>
    /// <exception cref="XenDriverDomainException">GuestConfigExists: somebody wrote a file of that name by hand.</exception>
    public static async Task<GeneratedConfigFile> PlanAsync(
        IDom0Files files, XenDomainConfig config, DomainConfiguration configuration, CancellationToken cancellationToken)
    {
        string path = configuration.IsDriverDomain || configuration.PciDevices.Count > 0
            ? DriverDomainFiles.PathOf(configuration.Name)
            : $"{Directory}/{configuration.Name}.cfg";
        string source = Terminal.Text.Show(config.Path ?? "a text").Trim();
        byte[] content = config.Converted().WithNote(SourceNote, source).Write();
        byte[]? before = null;
        if (await files.GetKindAsync(path, cancellationToken).ConfigureAwait(false) != HostFileKind.None)
        {
            before = await files.ReadAsync(path, XlConfigDocument.MaxBytes, cancellationToken).ConfigureAwait(false);
            if (before.AsSpan().SequenceEqual(content))
            {
                return new GeneratedConfigFile(path, null);
            }

            if (!IsGenerated(before))
            {
                throw new XenDriverDomainException(
                    ErrorIds.GuestConfigExists,
                    ErrorKind.AlreadyExists,
                    $"The guest would be started from {path}, and there is another file of that name, which was not generated.",
                    "Start the guest from that file, give the guest another name, or move the file away.",
                    config.Path);
            }
        }

        string language = config.Format switch
        {
            DomainConfigFormat.Xm => "an xm file",
            DomainConfigFormat.Sxp => "SXP",
            _ => "an xl.cfg",
        };
        return new GeneratedConfigFile(
            path, HostFileStep.Set($"Write the configuration {path} (from {language}: {source})", path, content, before));
    }

    /// <summary>Whether a text begins with what this module writes at the head of each configuration that it makes.</summary>
    public static bool IsMarked(string text) => text.Split('\n').TakeWhile(line => line.StartsWith('#'))
        .Any(line => s_marks.Any(mark => line.StartsWith(mark, StringComparison.Ordinal)));

    /// <summary>Whether a text says that it was generated, and may be generated again.</summary>
    public static bool IsGenerated(string text) => XlConfigNotes.Get(text, SourceNote) is not null;

    private static bool IsGenerated(byte[] content)
    {
        try
        {
            return XlConfigDocument.Parse(content).GetNote(SourceNote) is not null;
        }
        catch (ConfigException)
        {
            return false;
        }
    }
}
