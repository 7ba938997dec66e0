using XenDriverDomain.Access;
using XenDriverDomain.Hosts;

namespace XenDriverDomain.Completion;

/// <summary>Completes what dom0 has of kernels: configurations and images in /boot, directories of modules.</summary>
internal sealed class KernelPathCompleter : HostCompleter
{
    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(
        HostSession host, CompletionQuery query, CancellationToken cancellationToken)
    {
        BulkAnswer answer = await host.Dom0.Files.ReadManyAsync(
            new BulkQuery([], [], ["/proc/config.gz", "/boot/config-*", "/boot/vmlinuz-*", "/lib/modules/*"]),
            cancellationToken).ConfigureAwait(false);
        return [.. answer.Names.Order(StringComparer.Ordinal).Select(path => new Candidate(path, Describe(path)))];
    }

    private static string Describe(string path) => path switch
    {
        "/proc/config.gz" => "the kernel that runs",
        _ when path.StartsWith("/lib/", StringComparison.Ordinal) => "a kernel's modules",
        _ when path.StartsWith("/boot/vmlinuz", StringComparison.Ordinal) => "a kernel image",
        _ => "a kernel's configuration",
    };
}
