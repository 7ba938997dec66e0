namespace XenDriverDomain.Simulation.Hosts;

/// <summary>A module of Debian's kernel.</summary>
/// <param name="Name">Its name, as its file has it.</param>
/// <param name="Folder">Its directory, below that of all modules.</param>
/// <param name="Needs">Other modules that it cannot be loaded without.</param>
internal sealed record KernelModule(string Name, string Folder, params IReadOnlyList<string> Needs)
{
    private const string Net = "kernel/drivers/net";
    private const string Ethernet = $"{Net}/ethernet";
    private const string Xen = "kernel/drivers/xen";

    private static readonly KernelModule[] s_known =
    [
        new("xen-evtchn", Xen), new("xen-privcmd", Xen), new("xen-gntdev", Xen), new("xen-gntalloc", Xen),
        new("xenfs", $"{Xen}/xenfs", "xen-privcmd"), new("xen-pciback", $"{Xen}/xen-pciback"), new("xen-pcifront", "kernel/drivers/pci"),
        new("xen-netback", $"{Net}/xen-netback"), new("xen-blkback", "kernel/drivers/block/xen-blkback"),
        new("xen-netfront", Net), new("xen-blkfront", "kernel/drivers/block"),
        new("llc", "kernel/net/llc"), new("stp", "kernel/net/802", "llc"), new("mrp", "kernel/net/802"),
        new("garp", "kernel/net/802", "stp"),
        new("bridge", "kernel/net/bridge", "stp"), new("8021q", "kernel/net/8021q", "garp", "mrp"),
        new("bonding", $"{Net}/bonding"), new("tun", Net), new("loop", "kernel/drivers/block"),
        new("pps_core", "kernel/drivers/pps"), new("ptp", "kernel/drivers/ptp", "pps_core"), new("dca", "kernel/drivers/dca"),
        new("i2c-algo-bit", "kernel/drivers/i2c/algos"), new("mii", Net), new("libphy", $"{Net}/phy"),
        new("realtek", $"{Net}/phy", "libphy"),
        new("mdio_devres", $"{Net}/phy", "libphy"),
        new("e1000", $"{Ethernet}/intel/e1000"), new("e1000e", $"{Ethernet}/intel/e1000e", "ptp"),
        new("igb", $"{Ethernet}/intel/igb", "i2c-algo-bit", "dca", "ptp"), new("igbvf", $"{Ethernet}/intel/igbvf"),
        new("igc", $"{Ethernet}/intel/igc", "ptp"), new("i40e", $"{Ethernet}/intel/i40e", "ptp"),
        new("iavf", $"{Ethernet}/intel/iavf"), new("ixgbevf", $"{Ethernet}/intel/ixgbevf"),
        new("ixgbe", $"{Ethernet}/intel/ixgbe", "dca", "mdio_devres", "ptp"),
        new("8139cp", $"{Ethernet}/realtek", "mii"), new("8139too", $"{Ethernet}/realtek", "mii"),
        new("r8169", $"{Ethernet}/realtek", "mdio_devres", "libphy")
        {
            Before = "realtek",
            Firmware = ["rtl_nic/rtl8168g-2.fw", "rtl_nic/rtl8125a-3.fw"],
        },
        new("tg3", $"{Ethernet}/broadcom", "libphy", "ptp") { Firmware = ["tigon/tg3.bin", "tigon/tg3_tso.bin"] },
        new("scsi_common", "kernel/drivers/scsi"), new("scsi_mod", "kernel/drivers/scsi", "scsi_common"),
        new("sd_mod", "kernel/drivers/scsi", "scsi_mod"), new("libata", "kernel/drivers/ata", "scsi_mod"),
        new("libahci", "kernel/drivers/ata", "libata"), new("ahci", "kernel/drivers/ata", "libahci"),
        new("nvme-core", "kernel/drivers/nvme/host"), new("nvme", "kernel/drivers/nvme/host", "nvme-core"),
        new("usb-common", "kernel/drivers/usb/common"), new("usbcore", "kernel/drivers/usb/core", "usb-common"),
        new("xhci-hcd", "kernel/drivers/usb/host", "usbcore"), new("xhci-pci", "kernel/drivers/usb/host", "xhci-hcd"),
        new("nf_defrag_ipv4", "kernel/net/ipv4/netfilter"), new("nf_conntrack", "kernel/net/netfilter", "nf_defrag_ipv4"),
        new("nf_nat", "kernel/net/netfilter", "nf_conntrack"), new("nfnetlink", "kernel/net/netfilter"),
        new("nf_tables", "kernel/net/netfilter", "nfnetlink"), new("nft_chain_nat", "kernel/net/netfilter", "nf_nat", "nf_tables"),
        new("nft_masq", "kernel/net/netfilter", "nf_nat", "nf_tables"), new("x_tables", "kernel/net/netfilter"),
        new("ip_tables", "kernel/net/ipv4/netfilter", "x_tables"), new("iptable_nat", "kernel/net/ipv4/netfilter", "nf_nat", "ip_tables"),
        new("xt_MASQUERADE", "kernel/net/netfilter", "nf_nat", "x_tables"),
    ];

    private static readonly Dictionary<string, KernelModule> s_byName =
        s_known.ToDictionary(module => Spelling(module.Name), StringComparer.Ordinal);

    /// <summary>Modules that are loaded before it where they are there.</summary>
    public string? Before { get; init; }

    /// <summary>Firmware that it may ask for.</summary>
    public IReadOnlyList<string> Firmware { get; init; } = [];

    /// <summary>Its file, below the directory of all modules.</summary>
    public string Place => $"{Folder}/{Name}.ko";

    /// <summary>Those of a host: what every kernel of Debian's has, what the host has beside, and the drivers of its cards.</summary>
    public static IEnumerable<KernelModule> Of(HostDescription host) => s_known
        .Concat(host.OtherModules.Keys.Concat(host.Drivers.Select(driver => driver.Module).OfType<string>())
            .Where(name => !s_byName.ContainsKey(Spelling(name)))
            .DistinctBy(Spelling)
            .Select(name => new KernelModule(name, "kernel/drivers")))
        .Where(module => !host.Lacks($"/{module.Place}"));

    /// <summary>All that it needs, as modules.dep has them: what is to be loaded first comes last.</summary>
    public IEnumerable<KernelModule> AllNeeds(IReadOnlyDictionary<string, KernelModule> there)
    {
        List<KernelModule> all = [];
        Add(this);
        return all;

        void Add(KernelModule module)
        {
            foreach (KernelModule needed in module.Needs.Select(there.GetValueOrDefault).OfType<KernelModule>())
            {
                all.Remove(needed);
                all.Add(needed);
                Add(needed);
            }
        }
    }

    /// <summary>What modinfo(8) tells of it, lines <c>name=value</c>.</summary>
    public string Fields(string release) => string.Concat(
        ((string[])
        [
            .. Firmware.Select(name => $"firmware={name}"),
            "license=GPL",
            .. Before is null ? (string[])[] : [$"softdep=pre: {Before}"],
            $"depends={string.Join(',', Needs)}", "retpoline=Y", "intree=Y", $"name={Spelling(Name)}",
            $"vermagic={release} SMP preempt mod_unload modversions ",
        ]).Select(line => line + "\n"));

    private static string Spelling(string name) => name.Replace('-', '_');
}
