using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Configuration;
using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Reporting;

namespace XenDriverDomain.ConfigFiles;

/// <summary>The configuration files of driver domains on dom0: <c>/etc/xen/driver-domains/NAME.cfg</c>.</summary>
internal sealed class DriverDomainFiles(IDom0Files files)
{
    /// <summary>Where they are.</summary>
    public const string Directory = "/etc/xen/driver-domains";

    private const string Extension = ".cfg";

    /// <summary>The file of a name.</summary>
    public static string PathOf(string name) => $"{Directory}/{name}{Extension}";

    /// <summary>The file that a user means by a name, or by an absolute path.</summary>
    /// <exception cref="XenDriverDomainException">DomainNameInvalid or DomainConfigPathInvalid.</exception>
    public static string Locate(string nameOrPath)
    {
        ArgumentNullException.ThrowIfNull(nameOrPath);
        if (nameOrPath.StartsWith('/'))
        {
            return ConfigPath.Check(nameOrPath);
        }

        return DomainName.WhyNot(nameOrPath) is { } why
            ? throw new XenDriverDomainException(
                ErrorIds.DomainNameInvalid,
                ErrorKind.InvalidArgument,
                $"'{Terminal.Text.Show(nameOrPath)}' cannot be the name of a driver domain: {why}.",
                "Use letters, digits and - _ . + : @, beginning with a letter.",
                nameOrPath)
            : PathOf(nameOrPath);
    }

    /// <summary>Reads one file; null when it does not exist.</summary>
    /// <exception cref="XenDriverDomainException">What is wrong in the file.</exception>
    public async Task<DriverDomainFile?> TryReadAsync(string path, CancellationToken cancellationToken)
    {
        byte[]? bytes = await files.TryReadAsync(path, XlConfigDocument.MaxBytes, cancellationToken).ConfigureAwait(false);
        return bytes is null ? null : new DriverDomainFile(path, DomainConfiguration.FromXlConfig(XlConfigDocument.Parse(bytes, path)));
    }

    /// <summary>The bridge that a driver domain's file expects inside it; null when there is no readable file or no such note.</summary>
    public async Task<string?> TryReadBridgeAsync(string name, CancellationToken cancellationToken)
    {
        if (DomainName.WhyNot(name) is not null)
        {
            return null;
        }

        try
        {
            return (await TryReadAsync(PathOf(name), cancellationToken).ConfigureAwait(false))?.Configuration.Bridge;
        }
        catch (ConfigException)
        {
            return null;
        }
    }

    /// <summary>The names that have a file where those of driver domains are, whatever it says.</summary>
    public async Task<IReadOnlySet<string>> ListNamesAsync(CancellationToken cancellationToken) =>
        (await files.ReadManyAsync(new BulkQuery([], [], [$"{Directory}/*{Extension}"]), cancellationToken).ConfigureAwait(false))
            .Names.Select(path => path[(Directory.Length + 1)..^Extension.Length]).ToHashSet(StringComparer.Ordinal);

    /// <summary>Whether a driver domain of this name can be started, as far as its file is there.</summary>
    public async Task<bool> IsConfiguredAsync(string name, CancellationToken cancellationToken) =>
        DomainName.WhyNot(name) is null
            && await files.GetKindAsync(PathOf(name), cancellationToken).ConfigureAwait(false) == HostFileKind.File;

    /// <summary>All files, read in one round trip; one that cannot be understood is left out with a warning.</summary>
    public async Task<IReadOnlyList<DriverDomainFile>> ListAsync(IOperationReporter reporter, CancellationToken cancellationToken)
    {
        BulkAnswer answer = await files.ReadManyAsync(
            new BulkQuery([$"{Directory}/*{Extension}"], [], []), cancellationToken).ConfigureAwait(false);
        List<DriverDomainFile> found = [];
        foreach ((string path, string text) in answer.Files.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            try
            {
                // The bulk read cuts long files.
                DriverDomainFile? file = text.Length >= BulkQuery.FileLimit - 1
                    ? await TryReadAsync(path, cancellationToken).ConfigureAwait(false)
                    : new DriverDomainFile(
                        path, DomainConfiguration.FromXlConfig(XlConfigDocument.Parse(Encoding.Latin1.GetBytes(text + "\n"), path)));
                if (file is not null)
                {
                    found.Add(file);
                }
            }
            catch (ConfigException e)
            {
                reporter.Warning($"{Terminal.Text.Show(path)} is passed over: {e.Message}");
            }
        }

        return found;
    }
}

/// <summary>A driver domain's configuration file and what it says.</summary>
/// <param name="Path">Where it is on dom0.</param>
/// <param name="Configuration">What it says.</param>
internal sealed record DriverDomainFile(string Path, DomainConfiguration Configuration);
