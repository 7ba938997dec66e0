namespace XenDriverDomain.Images.Inside;

/// <summary>The scripts that an inside is run by.</summary>
internal static class InsideFiles
{
    /// <summary>The first process.</summary>
    public static byte[] Init => "#!/bin/sh\n"u8.ToArray();

    /// <summary>What the kernel runs when the toolstack asks for a shutdown.</summary>
    public static byte[] PowerOff => "#!/bin/sh\n"u8.ToArray();
}
