using System.Text;
using XenDriverDomain.Access.Ssh;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Changes;

/// <summary>
/// Writes and removes nodes of xenstore in one transaction. The shell has no transactions: there the changes follow each other, the
/// condition first.
/// </summary>
/// <param name="Changes">What is done, in this order.</param>
internal sealed record ChangeNodes(params IReadOnlyList<NodeChange> Changes) : HostAct<bool>
{
    /// <summary>
    /// What must be so for the change to be made, and to stay: it is looked at within the transaction, and once more after it, since only
    /// nodes are in a transaction and this may be about the kernel. When it has ceased meanwhile, what was removed is written again. Null
    /// for nothing. The outcome tells whether it held.
    /// </summary>
    public HostCondition? While { get; init; }

    /// <inheritdoc/>
    public override string ToShell()
    {
        string lines = string.Join('\n', Changes.Select(c => c.ToShell()));
        return While is null ? lines : StepPart.IfShell(While, lines);
    }

    /// <inheritdoc/>
    public override async Task<bool> RunAsync(HostHand hand, CancellationToken cancellationToken)
    {
        if (Changes.Count == 0)
        {
            return true;
        }

        // One write is whole by itself, and spares the round trips of a transaction.
        IXenStoreClient store = await hand.Dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        if (Changes is [WriteNode only] && While is null && !only.OnlyIfMissing && only.If is null)
        {
            await store.WriteTextAsync(only.Path, only.Value, cancellationToken).ConfigureAwait(false);
            return true;
        }

        List<(XenStorePath Path, byte[] Value)> gone = [];
        bool held = await store.TransactAsync(
            async (tree, token) =>
            {
                gone.Clear();
                if (While is not null)
                {
                    foreach (XenStorePath path in Changes.OfType<RemoveNode>().Select(c => c.Path))
                    {
                        if (await tree.TryReadAsync(path, token).ConfigureAwait(false) is { } value)
                        {
                            gone.Add((path, value));
                        }
                    }

                    if (!await While.HoldsAsync(hand.Dom0, tree, token).ConfigureAwait(false))
                    {
                        return false;
                    }
                }

                foreach (NodeChange change in Changes)
                {
                    if (change.If is null || await change.If.HoldsAsync(hand.Dom0, tree, token).ConfigureAwait(false))
                    {
                        await change.RunAsync(tree, token).ConfigureAwait(false);
                    }
                }

                return true;
            },
            cancellationToken).ConfigureAwait(false);
        if (!held || While is null || await While.HoldsAsync(hand.Dom0, null, cancellationToken).ConfigureAwait(false))
        {
            return held;
        }

        await store.TransactAsync(
            async (tree, token) =>
            {
                foreach ((XenStorePath path, byte[] value) in gone)
                {
                    if (await tree.TryReadAsync(path, token).ConfigureAwait(false) is null)
                    {
                        await tree.WriteAsync(path, value, token).ConfigureAwait(false);
                    }
                }

                return true;
            },
            cancellationToken).ConfigureAwait(false);
        return false;
    }
}

/// <summary>One change of a node of xenstore.</summary>
/// <param name="Path">The node.</param>
internal abstract record NodeChange(XenStorePath Path)
{
    /// <summary>What must be so, where the changes before it are made already; null for nothing.</summary>
    public HostCondition? If { get; init; }

    /// <summary>The same for a POSIX shell.</summary>
    public string ToShell() => If is null ? Shell : $"if {If.ToShell()}; then {Shell}; fi";

    /// <summary>What is done to it, for a POSIX shell, in one line.</summary>
    protected abstract string Shell { get; }

    /// <summary>Makes the change within a transaction.</summary>
    public abstract ValueTask RunAsync(IXenStore tree, CancellationToken cancellationToken);
}

/// <summary>Writes a node, and makes it and its parents where they are missing.</summary>
/// <param name="Path">The node.</param>
/// <param name="Value">What is to be in it.</param>
internal sealed record WriteNode(XenStorePath Path, string Value) : NodeChange(Path)
{
    /// <summary>Leaves alone what is there already.</summary>
    public bool OnlyIfMissing { get; init; }

    /// <inheritdoc/>
    protected override string Shell =>
        $"{(OnlyIfMissing ? $"xenstore-exists {PosixShell.Quote(Path.ToString())} || " : string.Empty)}"
        + $"xenstore-write {PosixShell.Quote(Path.ToString())} {PosixShell.Quote(Value)}";

    /// <inheritdoc/>
    public override async ValueTask RunAsync(IXenStore tree, CancellationToken cancellationToken)
    {
        if (!OnlyIfMissing || await tree.TryReadAsync(Path, cancellationToken).ConfigureAwait(false) is null)
        {
            await tree.WriteAsync(Path, Encoding.UTF8.GetBytes(Value), cancellationToken).ConfigureAwait(false);
        }
    }
}

/// <summary>Removes a node and all below it; one that is not there is fine.</summary>
/// <param name="Path">The node.</param>
internal sealed record RemoveNode(XenStorePath Path) : NodeChange(Path)
{
    /// <summary>
    /// The topmost of the nodes above it that go as well when they hold nothing any more, from the node upwards; null leaves them all.
    /// libxl leaves its own behind.
    /// </summary>
    public XenStorePath? UpTo { get; init; }

    /// <inheritdoc/>
    /// <remarks>xenstore-rm -t takes the parents as far up as they hold nothing else.</remarks>
    protected override string Shell
    {
        get
        {
            string node = PosixShell.Quote(Path.ToString());
            return $"if xenstore-exists {node}; then xenstore-rm {(UpTo is null ? string.Empty : "-t ")}{node}; fi";
        }
    }

    /// <inheritdoc/>
    public override async ValueTask RunAsync(IXenStore tree, CancellationToken cancellationToken)
    {
        if (await tree.TryReadAsync(Path, cancellationToken).ConfigureAwait(false) is not null)
        {
            await tree.RemoveAsync(Path, cancellationToken).ConfigureAwait(false);
        }

        if (UpTo is not { } top)
        {
            return;
        }

        for (XenStorePath above = Path; above != top;)
        {
            above = above.Parent!.Value;
            if (await tree.TryListAsync(above, cancellationToken).ConfigureAwait(false) is not { Count: 0 })
            {
                return;
            }

            await tree.RemoveAsync(above, cancellationToken).ConfigureAwait(false);
        }
    }
}

/// <summary>Makes a folder that dom0 alone can read, as is everything that is then made in it (see <see cref="OwnRecords"/>).</summary>
/// <param name="Path">The folder.</param>
internal sealed record MakeFolder(XenStorePath Path) : NodeChange(Path)
{
    /// <inheritdoc/>
    protected override string Shell
    {
        get
        {
            string node = PosixShell.Quote(Path.ToString());
            return $"xenstore-exists {node} || xenstore-write {node} ''; xenstore-chmod {node} n0";
        }
    }

    /// <inheritdoc/>
    public override ValueTask RunAsync(IXenStore tree, CancellationToken cancellationToken) =>
        OwnRecords.MakeFolderAsync(tree, Path, cancellationToken);
}
