namespace XenDriverDomain.Tests.Access;

/// <summary>Names the programs without which a class of tests cannot run.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsAttribute : Attribute
{
    /// <summary>Names, separated by spaces.</summary>
    public string Programs { get; set; } = "";
}
