using System.Globalization;
using XenDriverDomain.Access;
using XenDriverDomain.Images;
using XenDriverDomain.Roots;
using XenDriverDomain.Tests.Support;

namespace XenDriverDomain.Tests.Roots;

/// <summary>Files of a dom0 with a recorded root at /mnt/root.</summary>
internal sealed class RootHost
{
    public const string Root = "/mnt/root";

    public RootHost(string recording) =>
        RecordedRoot.Lay(
            recording, Root, (path, text) => Files.Put(path, text), (path, to) => Files.Link(path, to), path => Files.MakeDirectory(path));

    public MemoryFiles Files { get; } = new();

    public Task<RootTree> ReadTreeAsync() => new RootReader(Files).ReadAsync(Root, RootQueries.Names, RootQueries.Texts, default);

    public async Task<RootFacts> ReadAsync()
    {
        RootTree tree = await ReadTreeAsync();
        Dictionary<string, string> builtIn = [];
        foreach (string list in tree.Match("/lib/modules/*/modules.builtin"))
        {
            builtIn[list.Split('/')[^2]] = Files.Text(tree.OnHost(list))!;
        }

        return new RootFacts(tree, builtIn);
    }

    public async Task<IReadOnlyList<RootFinding>> JudgeAsync(
        DriverDomainRole role = DriverDomainRole.Network, string? xen = "4.17", string bridge = "xenbr0") =>
        new RootChecks(await ReadAsync(), new RootQuestion("dom0", Root, role, bridge, "/etc/xen/scripts", xen)).Judge();
}
