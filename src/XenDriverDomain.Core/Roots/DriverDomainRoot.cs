using XenDriverDomain.Images;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Roots;

/// <summary>A root that somebody installed, as the inside of a driver domain.</summary>
public sealed record DriverDomainRoot
{
    /// <summary>The id of the host.</summary>
    public required string Dom0 { get; init; }

    /// <summary>The root: a directory, an image or a device on the host.</summary>
    public required string Path { get; init; }

    /// <summary>What it is to serve.</summary>
    public required DriverDomainRole Role { get; init; }

    /// <summary>The bridge in it; null when it serves no network.</summary>
    public string? Bridge { get; init; }

    /// <summary>The distribution, as it calls itself; null when it does not say.</summary>
    public string? Distribution { get; init; }

    /// <summary>What starts its services.</summary>
    public required RootInit Init { get; init; }

    /// <summary>What makes the bridge.</summary>
    public required RootNetwork Network { get; init; }

    /// <summary>Its C library.</summary>
    public required RootLibC LibC { get; init; }

    /// <summary>The versions of Xen's tools in it, such as 4.17; empty when they are not known.</summary>
    public required IReadOnlyList<string> XenVersion { get; init => field = TextList.OfWords(value); }

    /// <summary>The releases of the kernels whose modules are in it.</summary>
    public required IReadOnlyList<string> Kernel { get; init => field = TextList.OfWords(value); }

    /// <summary>What it lacks still.</summary>
    public required IReadOnlyList<RootFinding> Findings { get; init => field = TextList.OfTexts(value); }
}
