namespace XenDriverDomain.Tests.Configuration.Conversion;

/// <summary>The recipes of two decades for driver domains and their clients, as people wrote them.</summary>
internal static class Recipes
{
    /// <summary>A PV guest that is told on the command line which domain backs its vif: <c>xm create guest.conf beid=4</c>.</summary>
    public const string PvClient = """
        kernel = "/boot/vmlinuz-2.6.18-xenU"
        ramdisk = "/boot/initrd-2.6.18-xenU.img"
        memory = 64
        name = "client"
        hostname = "client.example.net"
        disk = ['file:/var/xen/client.img,hda1,w']
        root = "/dev/hda1 ro"
        extra = "4"

        def beid_check(var, val):
            val = int(val)
            if val < 1:
                raise ValueError("beid must be the domid of the driver domain")
            return val

        xm_vars.var('beid', use="Domid of the network driver domain.", check=beid_check)
        xm_vars.check()
        vif = ['backend=%d,mac=00:16:3e:00:00:04,bridge=xenbr0' % (beid)]

        """;

    /// <summary>A network driver domain.</summary>
    public const string PvDriverDomain = """
        kernel = "/boot/vmlinuz-2.6.18-xenU"
        memory = 128
        name = "netdd"
        pci = ['01:07.0']
        dhcp = "dhcp"
        netif = 1

        """;

    /// <summary>The same as SXP.</summary>
    public const string SxpDriverDomain = """
        (vm
            (name netdd)
            (memory 128)
            (image (linux (kernel /boot/vmlinuz-2.6.18-xenU) (ip :127.0.255.255::::eth0:dhcp)))
            (backend (netif))
            (device (pci (dev (domain 0x0)(bus 0x1)(slot 0x7)(func 0x0)) (dev (domain 0x0)(bus 0x2)(slot 0x3)(func 0x0))))
            (device (vbd (uname phy:vg/dd)(dev xvda)(mode w)(backend storage)))
            (device (vif (mac 00:16:3e:00:00:07)(bridge xenbr0)(backend 0)))
        )

        """;

    /// <summary>A device by itself, for <c>xm pci-attach</c> or to be put into a file.</summary>
    public const string SxpDevice = "(device (pci (dev (domain 0x0)(bus 0x3)(slot 0x1a)(func 0x1))))\n";

    /// <summary>An HVM driver domain.</summary>
    public const string HvmDriverDomain = """
        builder = "hvm"
        name = "driver-domain"
        memory = 512
        boot = "cd"
        disk = ['file:/path/vm.img,xvda,rw']
        pci = ['00:19.0']

        """;

    /// <summary>Its client, with a blank behind each comma.</summary>
    public const string HvmClient = """
        builder = "hvm"
        name = "client"
        memory = 256
        boot = "c"
        disk = ['file:/path/client.img,xvda,w']
        vif = ['bridge=xenbr0, model=e1000, backend=driver-domain']

        """;
}
