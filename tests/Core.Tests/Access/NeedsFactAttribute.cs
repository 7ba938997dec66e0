namespace XenDriverDomain.Tests.Access;

/// <summary>A fact that is skipped where programs are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NeedsFactAttribute : FactAttribute
{
    public NeedsFactAttribute(string programs) => Skip = Needs.WhatIsMissing(programs);
}

/// <summary>A theory that is skipped where programs are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NeedsTheoryAttribute : TheoryAttribute
{
    public NeedsTheoryAttribute(string programs) => Skip = Needs.WhatIsMissing(programs);
}
