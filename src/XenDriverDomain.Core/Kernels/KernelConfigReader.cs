using System.Text.RegularExpressions;
using XenDriverDomain.Access;
using XenDriverDomain.Waiting;

namespace XenDriverDomain.Kernels;

/// <summary>Reads how a kernel was configured from whatever a host has of it; what a file is, its content decides.</summary>
/// <param name="files">The host's files.</param>
internal sealed partial class KernelConfigReader(IDom0Files files)
{
    private const string OfRunning = "/proc/config.gz";
    private const string Release = "/proc/sys/kernel/osrelease";
    private const int HeadLength = 4096;

    /// <summary>The kernel that runs: of its own record, of /boot, or of its modules.</summary>
    /// <exception cref="Errors.XenDriverDomainException">KernelConfigNotFound, and those of <see cref="ReadAsync"/>.</exception>
    public async Task<KernelConfig> ReadRunningAsync(CancellationToken cancellationToken)
    {
        (string[] candidates, string? found, _) = await FindRunningAsync(cancellationToken).ConfigureAwait(false);
        return found is not null
            ? await ReadAsync(found, cancellationToken).ConfigureAwait(false)
            : throw KernelErrors.NothingOfRunning(string.Join(", ", candidates));
    }

    /// <summary>The files that <see cref="ReadRunningAsync"/> reads, by path and unpacked; none where there are none.</summary>
    /// <exception cref="Errors.XenDriverDomainException">Those of <see cref="ReadAsync"/>.</exception>
    public async Task<IReadOnlyDictionary<string, byte[]>> ReadFilesOfRunningAsync(CancellationToken cancellationToken)
    {
        (_, string? found, HostFileKind kind) = await FindRunningAsync(cancellationToken).ConfigureAwait(false);
        if (found is null)
        {
            return new Dictionary<string, byte[]>();
        }

        if (kind == HostFileKind.File)
        {
            byte[] content = await files.ReadAsync(found, KernelImage.FileLimit, cancellationToken).ConfigureAwait(false);
            return new Dictionary<string, byte[]> { [found] = Text(found, content, cancellationToken) };
        }

        return new Dictionary<string, byte[]>
        {
            [$"{found}/{ModuleLists.BuiltIn}"] = await ReadListAsync(found, ModuleLists.BuiltIn, cancellationToken).ConfigureAwait(false),
            [$"{found}/{ModuleLists.Order}"] = await ReadListAsync(found, ModuleLists.Order, cancellationToken).ConfigureAwait(false),
        };
    }

    private async Task<(string[] Candidates, string? Found, HostFileKind Kind)> FindRunningAsync(CancellationToken cancellationToken)
    {
        BulkAnswer answer = await files.ReadManyAsync(new BulkQuery([Release], [], []), cancellationToken).ConfigureAwait(false);
        string? release = answer.Files.GetValueOrDefault(Release)?.Trim();
        string[] candidates = release is not null && IsRelease().IsMatch(release)
            ? [OfRunning, $"/boot/config-{release}", $"/lib/modules/{release}"]
            : [OfRunning];
        foreach (string candidate in candidates)
        {
            if (await files.GetKindAsync(candidate, cancellationToken).ConfigureAwait(false) is not HostFileKind.None and var kind)
            {
                return (candidates, candidate, kind);
            }
        }

        return (candidates, null, HostFileKind.None);
    }

    /// <summary>The kernel that a file or a directory is of.</summary>
    /// <param name="path">The full path of a configuration, compressed or not, of a kernel image, or of a directory
    /// /lib/modules/RELEASE.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="Errors.XenDriverDomainException">
    /// KernelPathInvalid, KernelConfigNotFound, KernelConfigMalformed, KernelConfigTooLarge, KernelConfigNotEmbedded,
    /// KernelCompressionUnsupported, KernelImageDamaged, KernelModulesIncomplete; HostFileFailed, HostFileTooLarge.
    /// </exception>
    public async Task<KernelConfig> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (!path.StartsWith('/') || path.Any(char.IsControl))
        {
            throw KernelErrors.PathInvalid(path);
        }

        return await files.GetKindAsync(path, cancellationToken).ConfigureAwait(false) switch
        {
            HostFileKind.None => throw KernelErrors.NotFound(path),
            HostFileKind.Directory => await ReadModulesAsync(path, cancellationToken).ConfigureAwait(false),
            HostFileKind.File => KernelConfigText.Parse(path, Text(
                path, await files.ReadAsync(path, KernelImage.FileLimit, cancellationToken).ConfigureAwait(false), cancellationToken)),
            _ => throw KernelErrors.NotEmbedded(path),
        };
    }

    private static byte[] Text(string path, byte[] content, CancellationToken cancellationToken)
    {
        if (KernelConfigText.LooksLikeText(content.AsSpan(0, Math.Min(content.Length, HeadLength))))
        {
            return content.Length <= KernelConfigText.Limit
                ? content
                : throw FileErrors.TooLarge(path, KernelConfigText.Limit);
        }

        return PackedText(path, content) ?? KernelImage.ReadConfig(path, content, cancellationToken);
    }

    // /proc/config.gz; a kernel may be compressed in the same way, and its first bytes tell.
    private static byte[]? PackedText(string path, byte[] content)
    {
        if (!content.AsSpan().StartsWith(BoundedGzip.Magic))
        {
            return null;
        }

        try
        {
            return KernelConfigText.LooksLikeText(BoundedGzip.Head(content, HeadLength))
                ? BoundedGzip.All(content, KernelConfigText.Limit)
                    ?? throw KernelErrors.TooLarge(path, "a configuration", KernelConfigText.Limit)
                : null;
        }
        catch (InvalidDataException e)
        {
            throw KernelErrors.Damaged(path, "its compressed data do not unpack", e);
        }
    }

    private async Task<KernelConfig> ReadModulesAsync(string directory, CancellationToken cancellationToken)
    {
        (byte[] builtIn, byte[] modules) = await Together.AllAsync(
            ReadListAsync(directory, ModuleLists.BuiltIn, cancellationToken),
            ReadListAsync(directory, ModuleLists.Order, cancellationToken)).ConfigureAwait(false);
        return ModuleLists.Read(directory, builtIn, modules);
    }

    private async Task<byte[]> ReadListAsync(string directory, string name, CancellationToken cancellationToken) =>
        await files.TryReadAsync($"{directory.TrimEnd('/')}/{name}", ModuleLists.Limit, cancellationToken).ConfigureAwait(false)
        ?? throw KernelErrors.ModulesIncomplete(directory, name);

    // What uname -r can be; it becomes a part of paths.
    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._+~-]{0,127}$")]
    private static partial Regex IsRelease();
}
