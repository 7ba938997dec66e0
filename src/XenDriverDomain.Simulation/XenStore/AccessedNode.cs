namespace XenDriverDomain.Simulation.XenStore;

/// <summary>A node that a transaction has looked at, and what it has made of it.</summary>
internal sealed class AccessedNode
{
    /// <summary>Notes a node.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="original">What it is when the transaction first sees it; null for not there.</param>
    public AccessedNode(string path, StoreNode? original)
    {
        Path = path;
        Original = Current = original;
    }

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <summary>What it was; it must still be so when the transaction ends.</summary>
    public StoreNode? Original { get; }

    /// <summary>What it is inside the transaction; null for not there.</summary>
    public StoreNode? Current { get; set; }

    /// <summary>True when the transaction wrote or removed it.</summary>
    public bool IsModified { get; set; }

    /// <summary>The watches to fire at the end: null for none, true for those on exactly this path.</summary>
    public bool? FireExact { get; set; }
}
