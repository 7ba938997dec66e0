using XenDriverDomain.Access;

namespace XenDriverDomain.Kernels;

/// <summary>Reads kernels' configurations from a host and judges them.</summary>
/// <param name="dom0">The host.</param>
public sealed class KernelTests(Dom0 dom0)
{
    /// <summary>What a kernel lacks for roles, and what must be seen to when it is used so; empty when there is nothing to say.</summary>
    /// <param name="path">
    /// The full path on dom0 of a configuration (text or gzip), of a kernel image that carries it, or of a directory /lib/modules/RELEASE;
    /// null for the kernel that runs.
    /// </param>
    /// <param name="roles">The roles.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="Errors.XenDriverDomainException">
    /// KernelPathInvalid, KernelConfigNotFound, KernelConfigMalformed, KernelConfigTooLarge, KernelConfigNotEmbedded,
    /// KernelCompressionUnsupported, KernelImageDamaged, KernelModulesIncomplete; HostFileFailed, HostFileTooLarge.
    /// </exception>
    public async Task<IReadOnlyList<KernelFinding>> TestAsync(
        string? path, IReadOnlyList<KernelRole> roles, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(roles);
        KernelConfigReader reader = new(dom0.Files);
        KernelConfig kernel = path is null
            ? await reader.ReadRunningAsync(cancellationToken).ConfigureAwait(false)
            : await reader.ReadAsync(path, cancellationToken).ConfigureAwait(false);
        return new KernelChecks(dom0.Id, kernel).Judge(roles);
    }
}
