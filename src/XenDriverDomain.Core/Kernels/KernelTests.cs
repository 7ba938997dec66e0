using XenDriverDomain.Access;

namespace XenDriverDomain.Kernels;

/// <summary>Reads kernels' configurations from a host and judges them.</summary>
/// <param name="dom0">The host.</param>
public sealed class KernelTests(Dom0 dom0) : IKernelTests
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<KernelFinding>> TestAsync(string? path, IReadOnlyList<KernelRole> roles, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(roles);
        KernelConfigReader reader = new(dom0.Files);
        KernelConfig kernel = path is null
            ? await reader.ReadRunningAsync(cancellationToken).ConfigureAwait(false)
            : await reader.ReadAsync(path, cancellationToken).ConfigureAwait(false);
        return new KernelChecks(dom0.Id, kernel).Judge(roles);
    }
}
