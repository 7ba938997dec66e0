using XenDriverDomain.Simulation.XenStore;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Simulation.Programs.XenStoreTools;

/// <summary>xenstore-chmod: the permissions of a node, and of those above (-u) or below it (-r).</summary>
/// <param name="store">The store.</param>
internal sealed class XenStoreChmodTool(SimulatedXenStore store)
    : XenStoreTool(store, "chmod", "ur", "[-h] [-u] [-r] [-s] key <mode [modes...]>")
{
    /// <inheritdoc/>
    protected override int Run(ToolOptions options, ToolOutput output)
    {
        XenStorePermission[] permissions = [.. options.Operands.Skip(1).Select(Parse)];
        return Transact(() =>
        {
            Set(options.Operands[0], permissions, options.Has('u'), options.Has('r'));
            return 0;
        });
    }

    private static XenStorePermission Parse(string text)
    {
        XenStoreAccess access = text.FirstOrDefault() switch
        {
            'n' => XenStoreAccess.None,
            'r' => XenStoreAccess.Read,
            'w' => XenStoreAccess.Write,
            'b' => XenStoreAccess.ReadWrite,
            char other => throw new ToolFailure($"Invalid permission specification: '{other}'"),
        };
        return new XenStorePermission(access, RequestReader.Number(text[1..]));
    }

    private void Set(string path, XenStorePermission[] permissions, bool upwards, bool downwards)
    {
        if (path.Length == 0)
        {
            return;
        }

        SetOne(path, permissions);
        if (upwards)
        {
            int slash = path.LastIndexOf('/');
            if (slash < 0)
            {
                throw new ToolFailure($"Unable to locate path separator '/' in '{path}'");
            }

            Set(path[..slash], permissions, upwards: true, downwards: false);
        }

        foreach (string name in downwards ? List(path) ?? [] : [])
        {
            Set($"{path}/{name}", permissions, upwards: false, downwards: true);
        }
    }

    private void SetOne(string path, XenStorePermission[] permissions)
    {
        if (permissions.Length == 0)
        {
            throw Refused(path, "EINVAL");
        }

        try
        {
            Store.SetPermissions(0, path, permissions);
        }
        catch (XenStoreException refusal)
        {
            throw Refused(path, refusal.Error);
        }
    }

    private static ToolFailure Refused(string path, string error) =>
        new($"Error occurred setting permissions on '{path}': {ErrorWords.Of(error)}");
}
