namespace XenDriverDomain.Simulation.Domains;

/// <summary>
/// What the image of the simulated guests makes of its kernel command line: <c>role=dd</c> (with <c>devd=0</c>,
/// <c>netback=0</c>, <c>bridge=NAME</c>) and <c>role=client</c>, as the guests of the test lab do; <c>rdinit=</c> with another program than
/// <c>/init</c> makes it panic. <c>script=0</c> and <c>shutdown=0</c>, which those guests do not know, break the hotplug script and make
/// the guest deaf to requests to shut down. Without a role it is what the configuration suggests: a driver domain when it is marked as one
/// or has PCI devices, a client otherwise.
/// </summary>
internal sealed record KernelWords
{
    /// <summary>False when <c>rdinit=</c> names a program that the initial RAM disk does not have: the kernel panics.</summary>
    public bool HasInit { get; private init; } = true;

    /// <summary>True for a network driver domain.</summary>
    public bool IsDriverDomain { get; private init; }

    /// <summary>True for a client, which has a network front end and pings through it.</summary>
    public bool IsClient { get; private init; }

    /// <summary>True when xl devd runs.</summary>
    public bool HasDevd { get; private init; }

    /// <summary>True when xen-netback is loaded.</summary>
    public bool HasNetback { get; private init; }

    /// <summary>True when the hotplug script finds its tools.</summary>
    public bool HasScript { get; private init; }

    /// <summary>True when it heeds control/shutdown.</summary>
    public bool HeedsShutdown { get; private init; }

    /// <summary>The bridge inside; empty for none.</summary>
    public string Bridge { get; init; } = "xenbr0";

    /// <summary>The bridge that was asked for, be it there or not.</summary>
    public string BridgeName { get; private init; } = "xenbr0";

    /// <summary>How it forwards packets instead of bridging them: route, nat; null when it bridges.</summary>
    public string? Forward { get; private init; }

    /// <summary>False when cards are not connected to anything.</summary>
    public bool HasUplink { get; private init; } = true;

    /// <summary>The inside that was made of dom0's files; null for another one.</summary>
    public Inside? Inside { get; private init; }

    /// <summary>A kernel that finds no init: it panics.</summary>
    public static KernelWords WithoutInit { get; } = new() { HasInit = false };

    /// <summary>What an inside of dom0's files becomes with these words, whose names begin with <c>xdd.</c>.</summary>
    public static KernelWords Of(Inside inside, string commandLine)
    {
        string? forward = Last("forward"), vlan = Last("vlan");
        bool isNetwork = inside.Role != "disk", hasIp = inside.Runs("ip");
        string bridge = Last("bridge") ?? "xenbr0";
        return new KernelWords
        {
            HasInit = inside.Runs("/init"),
            IsDriverDomain = isNetwork,
            HasDevd = inside.Runs("xl"),
            HasNetback = inside.HasLoaded("xen-netback"),
            HasScript = inside.Runs("bash") && hasIp,
            HeedsShutdown = true,
            Bridge = isNetwork && forward is null && hasIp && inside.HasLoaded("bridge") ? bridge : string.Empty,
            BridgeName = bridge,
            Forward = forward,
            HasUplink = hasIp && (vlan is null || inside.HasLoaded("8021q")),
            Inside = inside,
        };

        // The last one counts, as with the kernel's own.
        string? Last(string name) => commandLine.Split(' ')
            .Where(word => word.StartsWith($"xdd.{name}=", StringComparison.Ordinal))
            .Select(word => word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..])
            .LastOrDefault();
    }

    /// <summary>Reads the words.</summary>
    /// <param name="commandLine">The command line.</param>
    /// <param name="looksLikeDriverDomain">What it is when no role is named.</param>
    public static KernelWords Parse(string commandLine, bool looksLikeDriverDomain)
    {
        string role = Word("role", looksLikeDriverDomain ? "dd" : "client");
        return new KernelWords
        {
            HasInit = Word("rdinit", "/init") == "/init",
            IsDriverDomain = role == "dd",
            IsClient = role == "client",
            HasDevd = Word("devd", "1") != "0",
            HasNetback = Word("netback", "1") != "0",
            HasScript = Word("script", "1") != "0",
            HeedsShutdown = Word("shutdown", "1") != "0",
            Bridge = Word("bridge", "xenbr0"),
            BridgeName = Word("bridge", "xenbr0"),
        };

        string Word(string name, string otherwise) => commandLine.Split(' ')
            .Where(w => w.StartsWith(name + "=", StringComparison.Ordinal))
            .Select(w => w[(name.Length + 1)..])
            .FirstOrDefault(otherwise);
    }
}
