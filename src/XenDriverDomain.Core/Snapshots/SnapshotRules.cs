using XenDriverDomain.Domains;
using XenDriverDomain.Snapshots.Redaction;
using XenDriverDomain.Terminal;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Snapshots;

/// <summary>The rules that the values of a snapshot keep. A file comes from elsewhere: it may have been edited, or made to harm.</summary>
internal static class SnapshotRules
{
    /// <summary>The longest text of a file, in characters.</summary>
    public const int LongestText = 4 * 1024 * 1024;

    private const int LongestPath = 4096;
    private const int LongestValue = 4096;
    private const int MostDomains = 32768;
    private const int MostMemory = 1 << 30;
    private const int MostVcpus = 4096;

    /// <summary>Throws SnapshotMalformed at the first rule that is broken.</summary>
    public static void Check(HostSnapshot snapshot)
    {
        Require(snapshot.Files is not null, "files is null");
        Require(snapshot.Links is not null, "links is null");
        Require(snapshot.Names is not null, "names is null");
        Require(snapshot.ModuleAliases is not null, "moduleAliases is null");
        Require(snapshot.Domains is not null, "domains is null");
        Require(snapshot.XenStorePermissions is not null, "xenStorePermissions is null");
        Require(snapshot.LeftOut is not null, "leftOut is null");
        foreach ((string path, FileText text) in snapshot.Files!)
        {
            Path("files", path);
            Bytes($"files, {path}", text.Text, LongestText);
        }

        foreach ((string path, string target) in snapshot.Links!)
        {
            Path("links", path);
            Bytes($"links, {path}", target, LongestPath);
            Require(target.Length > 0, $"links, {path}: the target is empty");
        }

        foreach (string path in snapshot.Names!)
        {
            Path("names", path);
        }

        All("addresses", snapshot.Addresses);
        All("moduleAliases", snapshot.ModuleAliases);
        foreach ((string key, string value) in snapshot.XlInfo ?? new Dictionary<string, string>())
        {
            Bytes("xlInfo", key, 64);
            Bytes($"xlInfo, {key}", value, LongestValue);
        }

        Domains(snapshot.Domains!);
        Store(snapshot);
        foreach (LeftOut one in snapshot.LeftOut!)
        {
            Require(one is { What: not null, Why: not null }, "leftOut: an element lacks what or why");
        }
    }

    private static void Domains(IReadOnlyList<DomainSnapshot> domains)
    {
        Require(domains.Count <= MostDomains, $"domains: there are more than {MostDomains}");
        HashSet<int> seen = [];
        foreach (DomainSnapshot domain in domains)
        {
            Require(domain is not null, "domains: an element is null");
            Require(domain!.Domid is >= 0 and <= DomainRef.MaxDomid, $"domains: {domain.Domid} is not a domid (0 to {DomainRef.MaxDomid})");
            Require(seen.Add(domain.Domid), $"domains: {domain.Domid} is there twice");
            Require(domain.MemoryMB is >= 0 and <= MostMemory, $"domains, {domain.Domid}: memoryMB is {domain.MemoryMB}");
            Require(domain.Vcpus is >= 0 and <= MostVcpus, $"domains, {domain.Domid}: vcpus is {domain.Vcpus}");
            Require(Enum.IsDefined(domain.State), $"domains, {domain.Domid}: state is {(int)domain.State}");
        }
    }

    private static void Store(HostSnapshot snapshot)
    {
        foreach ((string path, string value) in snapshot.XenStore ?? new Dictionary<string, string>())
        {
            Require(
                XenStorePath.TryParse(path, out XenStorePath parsed) && parsed.IsAbsolute && parsed != XenStorePath.Root,
                $"xenStore: '{Text.Show(path, 80)}' is not an absolute path in xenstore below the root");
            Bytes($"xenStore, {path}", value, LongestValue);
        }

        foreach ((string path, string permissions) in snapshot.XenStorePermissions)
        {
            Require(
                snapshot.XenStore?.ContainsKey(path) == true,
                $"xenStorePermissions: there is no node '{Text.Show(path, 80)}' in xenStore");
            Require(
                permissions is not null && StorePermissions.TryParse(permissions, out _),
                $"xenStorePermissions, {path}: '{Text.Show(permissions, 80)}' must be letters n, r, w, b with domids, n0 r1 for example");
        }
    }

    private static void Path(string where, string path)
    {
        Bytes(where, path, LongestPath);
        Require(
            path.Length > 1 && path[0] == '/' && path[1..].Split('/').All(part => part is not ("" or "." or "..")),
            $"{where}: '{Text.Show(path, 80)}' is not an absolute path without empty components, . and ..");
    }

    private static void All(string where, IReadOnlyList<string>? lines)
    {
        foreach (string line in lines ?? [])
        {
            Bytes(where, line, LongestValue);
        }
    }

    private static void Bytes(string where, string? text, int most)
    {
        Require(text is not null, $"{Text.Show(where, 120)}: a value is null");
        Require(text!.Length <= most, $"{Text.Show(where, 120)}: a value has {text.Length} characters; the most is {most}");
        Require(
            text.All(c => c <= '\xff'),
            $"{Text.Show(where, 120)}: '{Text.Show(text, 40)}' has a character that stands for no byte (U+0000 to U+00FF)");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw SnapshotReader.Malformed(otherwise);
        }
    }
}
