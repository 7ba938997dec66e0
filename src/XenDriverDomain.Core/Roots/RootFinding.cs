using XenDriverDomain.Errors;
using XenDriverDomain.Images;

namespace XenDriverDomain.Roots;

/// <summary>Something that a root lacks to be the inside of a driver domain, or that must not be in it.</summary>
/// <param name="Id">A constant of <see cref="ErrorIds"/>.</param>
/// <param name="Severity">Error: it does not serve so; Warning: it may not; Information: it does, and something is worth knowing.</param>
/// <param name="Part">What it is about, in the root: a program, a service, a path; it is the subject.</param>
/// <param name="Cause">What is the case, and what breaks; sentences.</param>
/// <param name="Remedy">What to do; sentences.</param>
public sealed record RootFinding(string Id, FindingSeverity Severity, string Part, string Cause, string Remedy)
    : Finding(Id, Severity, Part, Cause, Remedy)
{
    /// <summary>The id of the host.</summary>
    public required string Dom0 { get; init; }

    /// <summary>The root: a directory, an image or a device on the host.</summary>
    public required string Path { get; init; }

    /// <summary>The role that it is about.</summary>
    public required DriverDomainRole Role { get; init; }

    /// <summary>True when Initialize-XenDriverDomainImage sees to it.</summary>
    internal bool IsSeenTo { get; init; }

    /// <summary>True when a copy of dom0's file would do.</summary>
    internal bool IsCopied { get; init; }
}
