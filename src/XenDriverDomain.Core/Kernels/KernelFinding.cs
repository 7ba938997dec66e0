namespace XenDriverDomain.Kernels;

/// <summary>An option of a kernel that a role needs and that is missing, or that has a consequence worth knowing.</summary>
public sealed record KernelFinding
{
    /// <summary>The id of the host.</summary>
    public required string Dom0 { get; init; }

    /// <summary>What was looked at: a file, or a directory of modules.</summary>
    public required string Path { get; init; }

    /// <summary>The version that the configuration was made for, or the name of the modules' directory; null when it does not say.</summary>
    public string? Kernel { get; init; }

    /// <summary>A constant of <see cref="KernelFindingIds"/>.</summary>
    public required string Id { get; init; }

    /// <summary>The role that it is about.</summary>
    public required KernelRole Role { get; init; }

    /// <summary>What it means for the role.</summary>
    public required KernelSeverity Severity { get; init; }

    /// <summary>The option as the kernel's configuration has it: <c>CONFIG_XEN_BACKEND</c>.</summary>
    public required string Option { get; init; }

    /// <summary>The values that serve: <c>y</c>, or <c>y or m</c>.</summary>
    public required string Wanted { get; init; }

    /// <summary>The value that was found: <c>y</c>, <c>m</c>, <c>n</c>; null when the option is not mentioned.</summary>
    public string? Found { get; init; }

    /// <summary>The file that says so; <see cref="Path"/>, or one of the lists in that directory.</summary>
    public required string File { get; init; }

    /// <summary>The line of the (unpacked) file that says so, from 1; null when none does.</summary>
    public int? Line { get; init; }

    /// <summary>What is the case, and what breaks; sentences.</summary>
    public required string Cause { get; init; }

    /// <summary>What to set or to see to; sentences.</summary>
    public required string Remedy { get; init; }
}
