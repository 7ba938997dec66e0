using XenDriverDomain.Errors;

namespace XenDriverDomain.Kernels;

/// <summary>Finds out what kernels of a host can be used for.</summary>
public interface IKernelTests
{
    /// <summary>What a kernel lacks for roles, and what must be seen to when it is used so; empty when there is nothing to say.</summary>
    /// <param name="path">
    /// The full path on dom0 of a configuration (text or gzip), of a kernel image that carries it, or of a directory /lib/modules/RELEASE; null for the
    /// kernel that runs.
    /// </param>
    /// <param name="roles">The roles.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="XenDriverDomainException">
    /// KernelPathInvalid, KernelConfigNotFound, KernelConfigMalformed, KernelConfigTooLarge, KernelConfigNotEmbedded,
    /// KernelCompressionUnsupported, KernelImageDamaged, KernelModulesIncomplete; HostFileFailed, HostFileTooLarge.
    /// </exception>
    Task<IReadOnlyList<KernelFinding>> TestAsync(string? path, IReadOnlyList<KernelRole> roles, CancellationToken cancellationToken);
}
