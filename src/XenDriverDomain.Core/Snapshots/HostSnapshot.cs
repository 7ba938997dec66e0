using System.Text.Json;
using XenDriverDomain.Domains;
using XenDriverDomain.Snapshots.Redaction;

namespace XenDriverDomain.Snapshots;

/// <summary>
/// A host as it was recorded: what this product reads of a dom0, without secrets and without what guests keep for themselves. A
/// simulated host can be made of it. All texts stand for bytes, one character (U+0000 to U+00FF) each.
/// </summary>
public sealed record HostSnapshot
{
    /// <summary>What the file says that it is.</summary>
    public const string FormatName = "XenDriverDomain host snapshot";

    /// <summary>The version of the format that is written, and the only one that is read.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The largest file that is read, in bytes; a host with 500 guests has about 10 MB.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>Always <see cref="FormatName"/>.</summary>
    public string Format { get; init; } = FormatName;

    /// <summary>The version of the format.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>When it was recorded, by the clock of the machine that did it.</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>
    /// Files by path: sysfs attributes, tables of procfs, the files of driver domains, what decides the next boot; without the last
    /// newline. Of the kernel's configuration, the text, though it may be compressed on the host.
    /// </summary>
    public required IReadOnlyDictionary<string, FileText> Files { get; init; }

    /// <summary>Symbolic links of sysfs by path, with their targets as stored.</summary>
    public required IReadOnlyDictionary<string, string> Links { get; init; }

    /// <summary>
    /// Paths of which only the existence is recorded. A directory that matters outside of sysfs is <c>DIRECTORY/.keep</c>;
    /// <c>/etc/.keep</c> tells that what decides the next boot was looked for, which earlier recordings lack.
    /// </summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>
    /// dom0's addresses, <c>eth0 inet 10.0.2.15/24 scope global</c> each; null when the program ip did not work.
    /// </summary>
    public IReadOnlyList<string>? Addresses { get; init; }

    /// <summary>
    /// The lines of modules.alias that match a function of the host, with what stands before and behind: <c>alias pci:v… e1000e</c>.
    /// </summary>
    public required IReadOnlyList<string> ModuleAliases { get; init; }

    /// <summary>What xl info said, by key; null when xl did not work.</summary>
    public IReadOnlyDictionary<string, string>? XlInfo { get; init; }

    /// <summary>The running domains, dom0 first.</summary>
    public required IReadOnlyList<DomainSnapshot> Domains { get; init; }

    /// <summary>xenstore's nodes: value by path; null when xenstored did not answer.</summary>
    public IReadOnlyDictionary<string, string>? XenStore { get; init; }

    /// <summary>
    /// The permissions of those nodes whose permissions are not the ones of the node above: <c>n0 r1</c>, the owner first, letters as
    /// in xenstore's protocol. The root's are <c>n0</c>.
    /// </summary>
    public IReadOnlyDictionary<string, string> XenStorePermissions { get; init; } = new Dictionary<string, string>();

    /// <summary>What is missing from the picture, and why.</summary>
    public required IReadOnlyList<LeftOut> LeftOut { get; init; }

    /// <summary>Reads a snapshot; nothing in it is believed that has not been checked.</summary>
    /// <param name="stream">The file, read to its end or to <see cref="MaxBytes"/>.</param>
    /// <exception cref="Errors.XenDriverDomainException">
    /// SnapshotMalformed, SnapshotVersionUnknown or SnapshotTooLarge.
    /// </exception>
    public static HostSnapshot Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return SnapshotReader.Read(stream);
    }

    /// <summary>
    /// Writes it as JSON: UTF-8 without a byte order mark, indented, lines end in LF, and everything in ordinal order, so that a
    /// line-by-line comparison of two snapshots shows what has changed.
    /// </summary>
    /// <param name="stream">Where to.</param>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using (Utf8JsonWriter writer = new(stream, SnapshotJson.Writing))
        {
            JsonSerializer.Serialize(writer, Ordered(), SnapshotJson.Default.HostSnapshot);
        }

        stream.WriteByte((byte)'\n');
    }

    private HostSnapshot Ordered() => this with
    {
        Files = Sorted(Files),
        Links = Sorted(Links),
        Names = [.. Names.Order(StringComparer.Ordinal)],
        Addresses = Addresses is null ? null : [.. Addresses.Order(StringComparer.Ordinal)],
        ModuleAliases = [.. ModuleAliases.Order(StringComparer.Ordinal)],
        XlInfo = XlInfo is null ? null : Sorted(XlInfo),
        Domains = [.. Domains.OrderBy(domain => domain.Domid)],
        XenStore = XenStore is null ? null : Sorted(XenStore),
        XenStorePermissions = Sorted(XenStorePermissions),
    };

    private static SortedDictionary<string, T> Sorted<T>(IReadOnlyDictionary<string, T> pairs) =>
        new(pairs.ToDictionary(), StringComparer.Ordinal);
}

/// <summary>A running domain as the hypervisor listed it; everything else about it is in the recorded xenstore.</summary>
/// <param name="Domid">Its number.</param>
/// <param name="MemoryMB">Its memory in MiB.</param>
/// <param name="Vcpus">Its virtual CPUs.</param>
/// <param name="State">Running for all that can run: whether it did at that moment says nothing.</param>
public sealed record DomainSnapshot(int Domid, int MemoryMB, int Vcpus, DomainState State);
