using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Toolstack.Commands;

/// <summary><c>xl dmesg</c>: what Xen says of itself and of its IOMMU.</summary>
internal sealed class DmesgCommand : IXlCommand
{
    /// <inheritdoc/>
    public string Name => "dmesg";

    /// <inheritdoc/>
    public string Usage => "[-c]";

    /// <inheritdoc/>
    public string Description => "Read and/or clear dmesg buffer";

    /// <inheritdoc/>
    public Task<int> RunAsync(XlProcess process, XlArguments arguments)
    {
        arguments.Parse(process, "c", 0, ("clear", 'c'));
        HostDescription host = process.World.Machine.Host;
        process.Print($"(XEN) Xen version {host.XenVersion} (Debian) (pkg-xen-devel@lists.alioth.debian.org)");
        process.Print($"(XEN) Command line: {host.XenCommandLine}");
        process.Print($"(XEN) System RAM: {host.TotalMemoryMB}MB");
        process.Print(process.World.Machine.HasIommu ? "(XEN) I/O virtualisation enabled" : "(XEN) I/O virtualisation disabled");
        if (process.World.Machine.HasIommu)
        {
            process.Print("(XEN)  - Dom0 mode: Relaxed");
            process.Print("(XEN) Interrupt remapping enabled");
        }

        return Task.FromResult(0);
    }
}
