namespace XenDriverDomain.Traces;

/// <summary>
/// Something that this module has left on a host: a file, lines in a file, or a record in xenstore. What is only so while the host runs
/// (which driver has a card, which domains there are) is no trace, but its record is.
/// </summary>
public sealed record HostTrace
{
    /// <summary>The id of the host.</summary>
    public required string Dom0 { get; init; }

    /// <summary>What kind of thing it is.</summary>
    public required HostTraceKind Kind { get; init; }

    /// <summary>The file, or the node of xenstore.</summary>
    public required string Path { get; init; }

    /// <summary>What it is for; fit to be shown.</summary>
    public required string What { get; init; }

    /// <summary>Whose it is: a domain, a PCI address, a driver, or the file that a copy is of; null for what is the host's.</summary>
    public string? Subject { get; init; }

    /// <summary>When it was written (UTC), as the file system has it; null when nothing tells, as in xenstore.</summary>
    public DateTime? Written { get; init; }

    /// <summary>
    /// The command that removes it: a cmdlet of this module where there is one, else a command for a shell on that dom0. Those of a host
    /// are meant to be run in the order in which the traces are listed.
    /// </summary>
    public required string Remedy { get; init; }

    internal static HostTrace Of(string dom0, HostTraceKind kind, string path, string? subject, string what, string remedy) => new()
    {
        Dom0 = dom0,
        Kind = kind,
        Path = path,
        Subject = subject,
        What = what,
        Remedy = remedy,
    };

    /// <summary>The kind and the place.</summary>
    public override string ToString() => $"{Kind} {Path}";
}

/// <summary>What kind of thing a trace is, in the order in which they are best removed.</summary>
public enum HostTraceKind
{
    /// <summary>A record of a client of a driver domain that is to be connected again.</summary>
    Client,

    /// <summary>What an interrupted probe of a driver domain left in xenstore.</summary>
    Probe,

    /// <summary>A record of a driver domain: which domids it has had, or that it is being started.</summary>
    Server,

    /// <summary>Another record of this module's own in xenstore.</summary>
    Record,

    /// <summary>A configuration among those of driver domains.</summary>
    DriverDomain,

    /// <summary>The inside of driver domains, made of what the host has.</summary>
    Image,

    /// <summary>A configuration that a guest was started from, made of an old one.</summary>
    Guest,

    /// <summary>The toolstack's record of a card that was taken from dom0: the driver that it gets back, its name.</summary>
    Card,

    /// <summary>A record of what pciback lets a guest write.</summary>
    Quirk,

    /// <summary>The host's policy, and what applies it.</summary>
    Policy,

    /// <summary>A card that pciback is told to take at boot.</summary>
    AtBoot,

    /// <summary>What has pciback loaded before other drivers.</summary>
    EarlyLoading,

    /// <summary>A copy of a boot file, of the time before it was changed last.</summary>
    Copy,

    /// <summary>A file that was being written when its writer was killed.</summary>
    Unfinished,

    /// <summary>An image that was mounted when its user was killed.</summary>
    Mount,

    /// <summary>The file of the host's lock.</summary>
    Lock,

    /// <summary>A directory that holds nothing but what is listed before it.</summary>
    Folder,
}
