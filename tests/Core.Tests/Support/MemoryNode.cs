namespace XenDriverDomain.Tests.Support;

/// <summary>One thing in <see cref="MemoryFiles"/>: exactly one of the three is set.</summary>
internal sealed class MemoryNode
{
    public SortedDictionary<string, MemoryNode>? Children { get; private init; }

    public byte[]? Content { get; set; }

    public string? Target { get; private init; }

    public static MemoryNode Directory() =>
        new() { Children = new SortedDictionary<string, MemoryNode>(StringComparer.Ordinal) };

    public static MemoryNode File(byte[] content) => new() { Content = content };

    public static MemoryNode Link(string target) => new() { Target = target };
}
