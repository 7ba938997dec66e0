namespace XenDriverDomain.Snapshots;

/// <summary>What was recorded of xenstore.</summary>
/// <param name="Nodes">Value by path.</param>
/// <param name="Permissions">Permissions of nodes that have not those of the node above, by path.</param>
internal sealed record StoreRecording(IReadOnlyDictionary<string, string> Nodes, IReadOnlyDictionary<string, string> Permissions);
