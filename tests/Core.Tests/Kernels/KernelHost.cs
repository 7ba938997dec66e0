using XenDriverDomain.Kernels;
using XenDriverDomain.Tests.Support;

namespace XenDriverDomain.Tests.Kernels;

/// <summary>A host with files of kernels.</summary>
internal sealed class KernelHost
{
    /// <summary>Where <see cref="Put(string)"/> puts a configuration.</summary>
    public const string Config = "/boot/config-test";

    /// <summary>Enough of a configuration to be told from another one.</summary>
    public const string Minimal = "# Linux/x86 6.1.5 Kernel Configuration\nCONFIG_X86=y\nCONFIG_XEN=y\n";

    public MemoryFiles Files { get; } = new MemoryFiles().MakeDirectory("/boot").Put("/proc/sys/kernel/osrelease", "6.1.0-56-amd64\n");

    /// <summary>A host with one configuration.</summary>
    public static KernelHost With(string config)
    {
        KernelHost host = new();
        host.Files.Put(Config, config);
        return host;
    }

    public Task<KernelConfig> ReadAsync(string path = Config) => new KernelConfigReader(Files).ReadAsync(path, default);

    public Task<KernelConfig> ReadRunningAsync() => new KernelConfigReader(Files).ReadRunningAsync(default);

    public async Task<IReadOnlyList<KernelFinding>> JudgeAsync(params KernelRole[] roles) =>
        new KernelChecks("here", await ReadAsync()).Judge(roles);
}
