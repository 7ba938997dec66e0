namespace XenDriverDomain.Images.Inside;

/// <summary>The scripts that an inside is run by; they lie beside this file.</summary>
internal static class InsideFiles
{
    /// <summary>The first process.</summary>
    public static byte[] Init => Read("init");

    /// <summary>What the kernel runs when the toolstack asks for a shutdown or a reboot.</summary>
    public static byte[] PowerOff => Read("poweroff");

    /// <summary>What udhcpc runs with what it was given.</summary>
    public static byte[] Dhcp => Read("dhcp");

    /// <summary>What Xen's scripts need of ifconfig(8), where dom0 has none.</summary>
    public static byte[] IfConfig => Read("ifconfig");

    private static byte[] Read(string name)
    {
        using Stream stream = typeof(InsideFiles).Assembly.GetManifestResourceStream($"inside/{name}")
            ?? throw new InvalidOperationException($"The resource inside/{name} is missing.");
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
