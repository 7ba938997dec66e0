using XenDriverDomain.Errors;

namespace XenDriverDomain.Kernels;

/// <summary>An option of a kernel that a role needs and that is missing, or that has a consequence worth knowing.</summary>
/// <param name="Id">A constant of <see cref="ErrorIds"/>.</param>
/// <param name="Severity">What it means for the role: the kernel does not fit; it fits, and lacks what many need; something must be seen
/// to.</param>
/// <param name="Option">The option as the kernel's configuration has it, <c>CONFIG_XEN_BACKEND</c>; it is the subject.</param>
/// <param name="Cause">What is the case, and what breaks; sentences.</param>
/// <param name="Remedy">What to set or to see to; sentences.</param>
public sealed record KernelFinding(string Id, FindingSeverity Severity, string Option, string Cause, string Remedy)
    : Finding(Id, Severity, Option, Cause, Remedy)
{
    /// <summary>The id of the host.</summary>
    public required string Dom0 { get; init; }

    /// <summary>What was looked at: a file, or a directory of modules.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// The version that the configuration was made for, or the name of the modules' directory; null when it does not say.
    /// </summary>
    public string? Kernel { get; init; }

    /// <summary>The role that it is about.</summary>
    public required KernelRole Role { get; init; }

    /// <summary>The values that serve: <c>y</c>, or <c>y or m</c>.</summary>
    public required string Wanted { get; init; }

    /// <summary>The value that was found: <c>y</c>, <c>m</c>, <c>n</c>; null when the option is not mentioned.</summary>
    public string? Found { get; init; }
}
