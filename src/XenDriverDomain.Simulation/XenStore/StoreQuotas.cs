namespace XenDriverDomain.Simulation.XenStore;

/// <summary>What a domain other than dom0 may use: the defaults of the C xenstored (quota_* in xenstored_core.c).</summary>
internal static class StoreQuotas
{
    /// <summary>Nodes that a domain owns; the next one is refused (ENOSPC).</summary>
    public const int Nodes = 1000;

    /// <summary>Watches of a domain; one more than this is the last (the comparison is so there), then E2BIG.</summary>
    public const int Watches = 128;

    /// <summary>Transactions of a domain at a time; one more than this is the last, then ENOSPC.</summary>
    public const int Transactions = 10;

    /// <summary>Bytes of a node, with its header, permissions and the names of its children; as many are refused (ENOSPC).</summary>
    public const int NodeSize = 2048;

    /// <summary>Permissions of a node; more are refused (ENOSPC).</summary>
    public const int Permissions = 5;

    /// <summary>Nodes that a transaction may touch; one more makes it fail (ENOSPC).</summary>
    public const int TransactionNodes = 1024;

    /// <summary>Bytes of a path, for dom0 too, not counting <c>/local/domain/N/</c>; longer ones are malformed (EINVAL).</summary>
    public const int PathLength = 2048;
}
