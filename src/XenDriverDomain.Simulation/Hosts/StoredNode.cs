using XenDriverDomain.XenStore;

namespace XenDriverDomain.Simulation.Hosts;

/// <summary>A node of xenstore.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Value">Its value.</param>
/// <param name="Permissions">Its permissions, the owner's first.</param>
public sealed record StoredNode(string Path, ReadOnlyMemory<byte> Value, IReadOnlyList<XenStorePermission> Permissions);
