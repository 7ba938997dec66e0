using XenDriverDomain.Errors;

namespace XenDriverDomain.Kernels;

/// <summary>An option that roles need: one row of the tables.</summary>
/// <param name="Option">The option, without <c>CONFIG_</c>.</param>
/// <param name="Severity">What it means when it is missing.</param>
/// <param name="Breaks">What does not work without it; a sentence.</param>
/// <param name="Roles">The roles that need it.</param>
internal sealed record KernelRequirement(string Option, FindingSeverity Severity, string Breaks, params KernelRole[] Roles)
{
    /// <summary>The module that it makes; null for an option that is no driver.</summary>
    public string? Module { get; init; }

    /// <summary>True for what may be a module although that makes no driver of its own.</summary>
    public bool IsTristate { get; init; }

    /// <summary>What to see to when it is a module; null when nothing is.</summary>
    public string? AsModule { get; init; }

    /// <summary>The option whose value it takes unless somebody says otherwise; a trap when that is not set.</summary>
    public string? DefaultsTo { get; init; }

    /// <summary>The option without which it cannot be set.</summary>
    public string? DependsOn { get; init; }

    /// <summary>The first version that has the option; older ones do without it. Null for all.</summary>
    public Version? Since { get; init; }

    /// <summary>The first version that does not need it any more. Null for none.</summary>
    public Version? Until { get; init; }

    /// <summary>True when it counts on x86, false when on others, null when on all.</summary>
    public bool? OnX86 { get; init; }

    /// <summary>What to do about it, where setting the option is not it; a sentence.</summary>
    public string? Remedy { get; init; }

    /// <summary>True when m serves as well as y.</summary>
    public bool CanBeModule => IsTristate || Module is not null;

    /// <summary>The values that serve, for a person.</summary>
    public string Wanted => CanBeModule ? "y or m" : "y";

    /// <summary>True when a kernel in a role must have it.</summary>
    public bool Concerns(KernelConfig kernel, KernelRole role) =>
        Roles.Contains(role)
        && (OnX86 is null || OnX86 == kernel.IsX86)
        && (Since is null || kernel.Version is null || kernel.Version >= Since)
        && (Until is null || (kernel.Version is not null && kernel.Version < Until));
}
