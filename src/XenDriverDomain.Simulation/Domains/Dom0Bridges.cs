using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Files;

namespace XenDriverDomain.Simulation.Domains;

/// <summary>dom0's own bridges, as its sysfs shows them.</summary>
internal sealed class Dom0Bridges(SimulatedFiles files) : IBridges
{
    /// <inheritdoc/>
    public bool Has(string name) =>
        name.Length > 0 && !name.Contains('/', StringComparison.Ordinal) && files.Exists($"/sys/class/net/{name}/bridge");

    /// <inheritdoc/>
    public bool HasUplink(string name) => AtOnce.Of(
        files.ReadManyAsync(new BulkQuery([], [], [$"/sys/class/net/*/upper_{name}"]), CancellationToken.None)).Names.Count > 0;
}
