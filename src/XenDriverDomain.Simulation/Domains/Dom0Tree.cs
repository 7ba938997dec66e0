namespace XenDriverDomain.Simulation.Domains;

/// <summary>What is in xenstore when dom0 has booted: what xen-init-dom0, dom0's kernel and xenstored write.</summary>
internal static class Dom0Tree
{
    /// <summary>Makes it.</summary>
    public static void Make(World world)
    {
        DomainStore store = world.StoreOf(0);
        foreach ((string path, string value) in ((string, string)[])
        [
            ("/tool/xenstored", "/usr/lib/xen-4.17/bin/xenstored"),
            ("/local/domain/0/domid", "0"),
            ("/local/domain/0/name", "Domain-0"),
            ("/local/domain/0/memory/static-max", $"{world.Hypervisor.Dom0.MemoryKB}"),
            ("/local/domain/0/memory/target", $"{world.Hypervisor.Dom0.MemoryKB}"),
            ("/local/domain/0/control/feature-poweroff", "1"),
            ("/local/domain/0/control/feature-reboot", "1"),
            ("/local/domain/0/control/feature-suspend", "1"),
            ("/local/pool/0/name", "Pool-0"),
            ("/libxl", string.Empty),
            ("/vm", string.Empty),
        ])
        {
            store.Write(path, value);
        }
    }
}
