using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Hosts;
using XenDriverDomain.Snapshots;

namespace XenDriverDomain.Simulation.Snapshots;

/// <summary>Makes a simulated host of a recorded one, in the state in which it was recorded.</summary>
public static class SnapshotHost
{
    /// <summary>What a simulated dom0 is made of to be like the recorded one.</summary>
    /// <param name="snapshot">The recording.</param>
    /// <exception cref="XenDriverDomainException">SnapshotMalformed: what is recorded does not fit together.</exception>
    public static SimulatedHostOptions Options(HostSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return new SimulatedHostOptions { Host = Describe(snapshot), State = StateReader.Read(snapshot) };
    }

    /// <summary>The host's machine and dom0's kernel, without what runs on it.</summary>
    /// <param name="snapshot">The recording.</param>
    /// <exception cref="XenDriverDomainException">SnapshotMalformed: what is recorded does not fit together.</exception>
    public static HostDescription Describe(HostSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        RecordedFiles files = new(snapshot);
        ToolstackRecords records = new(snapshot);
        DeviceTree devices = DeviceTree.Read(files);
        DriverTable drivers = DriverTable.Read(snapshot, files, records);
        XenFacts xen = XenFacts.Read(snapshot, files);
        return new HostDescription
        {
            Name = "snapshot",
            HostName = files.Text("/proc/sys/kernel/hostname") ?? xen.Info("host") ?? "dom0",
            KernelRelease = files.Text("/proc/sys/kernel/osrelease") ?? xen.Info("release") ?? "unknown",
            KernelVersion = files.Text("/proc/sys/kernel/version") ?? xen.Info("version") ?? string.Empty,
            KernelCommandLine = files.Text("/proc/cmdline") ?? string.Empty,
            XenVersion = xen.Version,
            XenExtra = xen.Extra,
            XenCommandLine = xen.Info("xen_commandline") ?? string.Empty,
            XlInfo = snapshot.XlInfo ?? new Dictionary<string, string>(),
            CpuCount = xen.CpuCount,
            TotalMemoryMB = xen.TotalMemoryMB,
            XenMemoryMB = xen.XenMemoryMB,
            Dom0MemoryMB = xen.Dom0MemoryMB,
            Dom0CpuCount = xen.Dom0CpuCount,
            HasIommu = xen.HasIommu,
            LoadsPciback = files.Has(PcibackPaths.Directory),
            Pciback = PcibackFacts.Read(files, snapshot),
            PcibackParameters = BootFacts.PcibackParameters(files),
            IsPcibackBuiltIn = BootFacts.IsPcibackBuiltIn(files),
            Functions = FunctionReader.Read(files, devices, drivers, records),
            Drivers = drivers.Drivers,
            OtherModules = DriverTable.OtherModules(files),
            OtherDevices = devices.Others,
            Links = devices.Links,
            Addresses = NetworkFacts.Addresses(snapshot),
            Routes = NetworkFacts.Routes(files),
            Ipv6Routes = files.Lines("/proc/net/ipv6_route"),
            Mounts = files.Lines("/proc/1/mountinfo"),
            Swaps = files.Lines("/proc/swaps"),
            Consoles = files.Text("/sys/class/tty/console/active") ?? "tty0 hvc0",
            Directories = BootFacts.Directories(files),
            Files = OrdinaryFiles.Read(snapshot),
        };
    }
}
