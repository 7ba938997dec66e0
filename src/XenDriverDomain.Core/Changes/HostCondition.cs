using System.Globalization;
using XenDriverDomain.Access;
using XenDriverDomain.Access.Ssh;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Changes;

/// <summary>Something that can be so or not on a host, as a value: it can be looked at, waited for, and asked by a POSIX shell.</summary>
internal abstract record HostCondition
{
    /// <summary>The same as a list of commands for a POSIX shell, in one line, that succeeds when it is so.</summary>
    public abstract string ToShell();

    /// <summary>What to watch in xenstore to learn that it may have changed; empty when xenstore knows nothing of it.</summary>
    public virtual IEnumerable<string> Watches => [];

    /// <summary>Looks.</summary>
    /// <param name="dom0">The host.</param>
    /// <param name="transaction">The transaction in whose eyes it is to be so; null outside one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public abstract ValueTask<bool> HoldsAsync(Dom0 dom0, IXenStore? transaction, CancellationToken cancellationToken);

    /// <summary>What a condition about nodes looks at; one about the kernel needs no xenstored, and may be asked where none runs.</summary>
    protected static async ValueTask<IXenStore> TreeAsync(Dom0 dom0, IXenStore? transaction, CancellationToken cancellationToken) =>
        transaction ?? await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>The opposite.</summary>
    public static HostCondition operator !(HostCondition one) => new Not(one);

    /// <summary>Both.</summary>
    public static HostCondition operator &(HostCondition one, HostCondition other) => new Both(one, other);

    private sealed record Not(HostCondition One) : HostCondition
    {
        public override IEnumerable<string> Watches => One.Watches;

        public override string ToShell() => One is Both ? $"! {{ {One.ToShell()}; }}" : $"! {One.ToShell()}";

        public override async ValueTask<bool> HoldsAsync(Dom0 dom0, IXenStore? transaction, CancellationToken cancellationToken) =>
            !await One.HoldsAsync(dom0, transaction, cancellationToken).ConfigureAwait(false);
    }

    private sealed record Both(HostCondition One, HostCondition Other) : HostCondition
    {
        public override IEnumerable<string> Watches => [.. One.Watches, .. Other.Watches];

        public override string ToShell() => $"{One.ToShell()} && {Other.ToShell()}";

        public override async ValueTask<bool> HoldsAsync(Dom0 dom0, IXenStore? transaction, CancellationToken cancellationToken) =>
            await One.HoldsAsync(dom0, transaction, cancellationToken).ConfigureAwait(false)
            && await Other.HoldsAsync(dom0, transaction, cancellationToken).ConfigureAwait(false);
    }
}

/// <summary>A path is there; <c>*</c> stands for any characters of one component.</summary>
/// <param name="Path">The path.</param>
internal sealed record PathExists(string Path) : HostCondition
{
    /// <inheritdoc/>
    public override string ToShell() =>
        Path.Contains('*') ? $"ls -d {PosixShell.QuotePattern(Path)} >/dev/null 2>&1" : $"[ -e {PosixShell.Quote(Path)} ]";

    /// <inheritdoc/>
    public override async ValueTask<bool> HoldsAsync(Dom0 dom0, IXenStore? transaction, CancellationToken cancellationToken) =>
        (await dom0.Files.ReadManyAsync(new BulkQuery([], [], [Path]), cancellationToken).ConfigureAwait(false)).Names.Count > 0;
}

/// <summary>A path is a symbolic link that says exactly this.</summary>
/// <param name="Path">The link.</param>
/// <param name="Target">What it says.</param>
internal sealed record LinkIs(string Path, string Target) : HostCondition
{
    /// <inheritdoc/>
    public override string ToShell() => $"[ \"$(readlink {PosixShell.Quote(Path)})\" = {PosixShell.Quote(Target)} ]";

    /// <inheritdoc/>
    public override async ValueTask<bool> HoldsAsync(Dom0 dom0, IXenStore? transaction, CancellationToken cancellationToken) =>
        (await dom0.Files.ReadManyAsync(new BulkQuery([], [Path], []), cancellationToken).ConfigureAwait(false))
        .Links.GetValueOrDefault(Path) == Target;
}

/// <summary>An attribute of sysfs has a line that is exactly this text.</summary>
/// <param name="Path">The attribute.</param>
/// <param name="Line">The line.</param>
internal sealed record HasLine(string Path, string Line) : HostCondition
{
    /// <inheritdoc/>
    public override string ToShell() => $"grep -qxF -- {PosixShell.Quote(Line)} {PosixShell.Quote(Path)}";

    /// <inheritdoc/>
    public override async ValueTask<bool> HoldsAsync(Dom0 dom0, IXenStore? transaction, CancellationToken cancellationToken) =>
        (await dom0.Files.ReadManyAsync(new BulkQuery([Path], [], []), cancellationToken).ConfigureAwait(false))
        .Files.GetValueOrDefault(Path)?.Split('\n').Contains(Line, StringComparer.Ordinal) == true;
}

/// <summary>A file has exactly this content.</summary>
/// <param name="Path">The file.</param>
/// <param name="Content">The content; null when it is not there.</param>
internal sealed record FileIs(string Path, byte[]? Content) : HostCondition
{
    /// <inheritdoc/>
    public override string ToShell()
    {
        string file = PosixShell.Quote(Path);
        return Content is null
            ? $"[ ! -e {file} ]"
            : $"[ \"$(sha256sum < {file})\" = '{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Content))}  -' ]";
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> HoldsAsync(Dom0 dom0, IXenStore? transaction, CancellationToken cancellationToken) =>
        IsSame(await dom0.Files.TryReadAsync(Path, HostFileStep.MaxBytes, cancellationToken).ConfigureAwait(false), Content);

    /// <summary>Whether two contents are the same; null stands for a file that is not there.</summary>
    public static bool IsSame(byte[]? one, byte[]? other) =>
        one is null ? other is null : other is not null && one.AsSpan().SequenceEqual(other);
}

/// <summary>A node of xenstore is there.</summary>
/// <param name="Path">The node.</param>
internal sealed record NodeExists(XenStorePath Path) : HostCondition
{
    /// <inheritdoc/>
    public override IEnumerable<string> Watches => [Path.ToString()];

    /// <inheritdoc/>
    public override string ToShell() => $"xenstore-exists {PosixShell.Quote(Path.ToString())}";

    /// <inheritdoc/>
    public override async ValueTask<bool> HoldsAsync(Dom0 dom0, IXenStore? transaction, CancellationToken cancellationToken) =>
        await (await TreeAsync(dom0, transaction, cancellationToken).ConfigureAwait(false)).TryReadAsync(Path, cancellationToken)
            .ConfigureAwait(false) is not null;
}

/// <summary>A node of xenstore has this value.</summary>
/// <param name="Path">The node.</param>
/// <param name="Value">Its value.</param>
internal sealed record NodeIs(XenStorePath Path, string Value) : HostCondition
{
    /// <inheritdoc/>
    public override IEnumerable<string> Watches => [Path.ToString()];

    /// <inheritdoc/>
    public override string ToShell() =>
        $"[ \"$(xenstore-read {PosixShell.Quote(Path.ToString())} 2>/dev/null)\" = {PosixShell.Quote(Value)} ]";

    /// <inheritdoc/>
    public override async ValueTask<bool> HoldsAsync(Dom0 dom0, IXenStore? transaction, CancellationToken cancellationToken) =>
        await (await TreeAsync(dom0, transaction, cancellationToken).ConfigureAwait(false)).TryReadTextAsync(Path, cancellationToken)
            .ConfigureAwait(false) == Value;
}

/// <summary>
/// Below a node of xenstore, one of its children has nodes of these names and values; the child's number is not known beforehand.
/// </summary>
/// <param name="Folder">The node.</param>
/// <param name="Nodes">The names below the child, and their values.</param>
internal sealed record ChildNodesAre(XenStorePath Folder, params IReadOnlyList<(string Name, string Value)> Nodes) : HostCondition
{
    /// <inheritdoc/>
    public override IEnumerable<string> Watches => [Folder.ToString()];

    /// <inheritdoc/>
    public override string ToShell()
    {
        string folder = PosixShell.Quote(Folder.ToString());
        IEnumerable<string> tests = Nodes.Select(node =>
            $"[ \"$(xenstore-read {folder}/$c/{PosixShell.Quote(node.Name)} 2>/dev/null)\" = {PosixShell.Quote(node.Value)} ]");
        return $"{{ f=1; for c in $(xenstore-list {folder} 2>/dev/null); do if {string.Join(" && ", tests)}; then f=0; fi; done; "
            + "[ $f = 0 ]; }";
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> HoldsAsync(Dom0 dom0, IXenStore? transaction, CancellationToken cancellationToken)
    {
        IXenStore tree = await TreeAsync(dom0, transaction, cancellationToken).ConfigureAwait(false);
        foreach (string child in await tree.TryListAsync(Folder, cancellationToken).ConfigureAwait(false) ?? [])
        {
            if (await AreAsync(child).ConfigureAwait(false))
            {
                return true;
            }
        }

        return false;

        async ValueTask<bool> AreAsync(string child)
        {
            foreach ((string name, string value) in Nodes)
            {
                if (await tree.TryReadTextAsync(Folder / child / name, cancellationToken).ConfigureAwait(false) != value)
                {
                    return false;
                }
            }

            return true;
        }
    }
}

/// <summary>xenstored knows a domain, which it does from its creation until it has been told that it is dead.</summary>
/// <param name="Domid">The domain.</param>
internal sealed record DomainIsKnown(int Domid) : HostCondition
{
    /// <inheritdoc/>
    public override IEnumerable<string> Watches => ["@releaseDomain", "@introduceDomain"];

    /// <inheritdoc/>
    public override string ToShell() => $"xl list {Domid.ToString(CultureInfo.InvariantCulture)} >/dev/null 2>&1";

    /// <inheritdoc/>
    public override async ValueTask<bool> HoldsAsync(Dom0 dom0, IXenStore? transaction, CancellationToken cancellationToken) =>
        await (await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false)).IsDomainIntroducedAsync(Domid, cancellationToken)
            .ConfigureAwait(false);
}
