using XenDriverDomain.Access;
using XenDriverDomain.Boot;
using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Errors;
using XenDriverDomain.Hide;
using XenDriverDomain.Pci;
using XenDriverDomain.Reporting;

namespace XenDriverDomain.Assignment.AtBoot;

/// <summary>Looks whether what is read at boot hides functions, or no longer does.</summary>
/// <param name="dom0">The host.</param>
/// <param name="reporter">Where entries are named that differ from the others.</param>
internal sealed class BootCheck(Dom0 dom0, IOperationReporter reporter)
{
    /// <summary>Throws when it does not.</summary>
    /// <param name="configuration">The configuration that was changed.</param>
    /// <param name="addresses">The functions.</param>
    /// <param name="hidden">True when they have to be hidden, false when not.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="XenDriverDomainException">BootConfigNotVerified.</exception>
    public async Task RequireAsync(
        BootConfiguration configuration, IReadOnlyList<PciAddress> addresses, bool hidden, CancellationToken cancellationToken)
    {
        // A file of ours that is gone, since nothing was left in it, hides nothing; what a loader reads must be seen to.
        if (!hidden && configuration.Loader == BootLoader.Modprobe
            && await BootReader.TryReadFileAsync(dom0.Files, configuration.Path, cancellationToken).ConfigureAwait(false) is null)
        {
            return;
        }

        BootSituation now = await BootReader.ReadAsync(dom0.Files, configuration.Path, cancellationToken).ConfigureAwait(false);
        BootConfiguration again = now.Choose(
            dom0.Id, new AtBootOptions { BootLoader = configuration.Loader, BootConfigPath = configuration.Path });
        if (!again.Lines.All(line => Agrees(HideWord.Find(line.Text, configuration.Parameter)?.Value, addresses, hidden)))
        {
            throw NotVerified(configuration, addresses, hidden, configuration.Path);
        }

        if (configuration.Generated is { Path: var generated } made)
        {
            string text = await BootReader.ReadFileAsync(dom0.Files, generated, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<(string Title, string Parameters)> entries = made.XenEntries(text);
            string[] others =
            [
                .. entries.Where(entry => !Agrees(HideWord.Find(entry.Parameters, configuration.Parameter)?.Value, addresses, hidden))
                    .Select(entry => $"'{Terminal.Text.Show(entry.Title)}'"),
            ];
            if (others.Length == entries.Count && (hidden || entries.Count > 0))
            {
                throw NotVerified(configuration, addresses, hidden, generated);
            }

            if (others.Length > 0)
            {
                reporter.Warning(
                    $"These entries of {generated} do not follow {configuration.Path}: {string.Join(", ", others)}. Booted with "
                    + $"one of them, {string.Join(", ", addresses)} {(hidden ? "will not be hidden" : "will be hidden")}.");
            }
        }
    }

    /// <summary>Whether it does.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="addresses">The functions.</param>
    /// <param name="hidden">True when they have to be hidden, false when not.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<bool> HoldsAsync(
        BootConfiguration configuration, IReadOnlyList<PciAddress> addresses, bool hidden, CancellationToken cancellationToken)
    {
        try
        {
            await RequireAsync(configuration, addresses, hidden, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is XenDriverDomainException { ErrorId: ErrorIds.BootConfigNotVerified }
            or HostFileException { Errno: Errno.ENOENT })
        {
            return false;
        }
    }

    private static bool Agrees(string? value, IReadOnlyList<PciAddress> addresses, bool hidden)
    {
        HideList list = HideList.Parse(value ?? string.Empty);
        return addresses.All(address => list.Hides(address) == hidden);
    }

    private static XenDriverDomainException NotVerified(
        BootConfiguration configuration, IReadOnlyList<PciAddress> addresses, bool hidden, string path) => new(
        ErrorIds.BootConfigNotVerified,
        ErrorKind.InvalidState,
        $"No entry of {path} that boots Xen {(hidden ? "hides" : "leaves")} {string.Join(", ", addresses)} "
        + $"{(hidden ? "with" : "out of")} {configuration.Parameter}=.",
        "Look whether the file has entries for Xen, and which setting they take the kernel's command line from.",
        path);
}
