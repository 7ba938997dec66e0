using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Files;
using XenDriverDomain.Simulation.Machine;

namespace XenDriverDomain.Simulation.Domains;

/// <summary>dom0's own bridges, as its sysfs shows them.</summary>
internal sealed class Dom0Bridges(SimulatedMachine machine) : IBridges
{
    private readonly SimulatedFiles _files = machine.Files;

    /// <inheritdoc/>
    public bool Has(string name) =>
        name.Length > 0 && !name.Contains('/', StringComparison.Ordinal) && _files.Exists($"/sys/class/net/{name}/bridge");

    /// <inheritdoc/>
    public bool HasUplink(string name) => AtOnce.Of(
        _files.ReadManyAsync(new BulkQuery([], [], [$"/sys/class/net/*/upper_{name}"]), CancellationToken.None))
        .Names.Any(path => machine.HasLink(path.Split('/')[4]));
}
