using XenDriverDomain.Errors;
using XenDriverDomain.Hosting;

namespace XenDriverDomain.Binding;

/// <summary>Sizes of memory as PowerShell writes them (384MB is a number of bytes), as Xen wants them (MiB).</summary>
internal static class MemorySizes
{
    internal const long MiB = 1024 * 1024;
    internal const int SmallestMiB = 16;

    /// <exception cref="XenDriverDomainException">MemorySizeInvalid.</exception>
    internal static int ToMiB(long bytes) =>
        bytes % MiB == 0 && bytes / MiB is >= SmallestMiB and <= int.MaxValue
            ? (int)(bytes / MiB)
            : throw new XenDriverDomainException(
                ModuleErrorIds.MemorySizeInvalid,
                ErrorKind.InvalidArgument,
                $"{bytes} bytes is no size for a domain: it must be a whole number of MiB, and at least {SmallestMiB} MiB.",
                "Write it with its unit, for example 384MB or 1GB.",
                bytes);
}
