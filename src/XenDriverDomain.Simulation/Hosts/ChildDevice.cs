namespace XenDriverDomain.Simulation.Hosts;

/// <summary>A device in sysfs that a driver makes of a function, or that has no hardware.</summary>
/// <param name="Path">Where, below the function's directory: <c>net/eth0</c>.</param>
internal sealed record ChildDevice(string Path)
{
    /// <summary>The directories that have a link to it: /sys/class/net, /sys/bus/usb/devices.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Its attributes by name, without the last newline.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Attributes as dom0's start-up scripts set them (<c>operstate</c> is <c>up</c>); when a driver takes the function anew, they are as
    /// in <see cref="Attributes"/>.
    /// </summary>
    public IReadOnlyDictionary<string, string> ConfiguredAttributes { get; init; } = new Dictionary<string, string>();

    /// <summary>Links by name to absolute paths, which the start-up scripts brought about as well: <c>upper_xenbr0</c>.</summary>
    public IReadOnlyDictionary<string, string> ConfiguredLinks { get; init; } = new Dictionary<string, string>();

    /// <summary>The name: the last component of the path.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}
