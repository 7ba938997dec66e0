using System.Collections.Concurrent;
using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.XenStore;
using XenDriverDomain.XenStore.Client;
using XenDriverDomain.XenStore.Wire;

namespace XenDriverDomain.Simulation.Tests.WholeHost;

/// <summary>The ports of a host, with all that goes through them written down: paths of the kernel's, and nodes of xenstore.</summary>
internal sealed class RecordingPorts(Dom0 real) : IDom0Files, IDom0Commands, IXenStoreTransport
{
    private readonly ConcurrentDictionary<(string Path, KernelUse Use), bool> _paths = new();
    private readonly ConcurrentDictionary<(string Path, KernelUse Use), bool> _nodes = new();

    /// <summary>What was done with paths of sysfs and procfs.</summary>
    public IEnumerable<(string Path, KernelUse Use)> Paths => _paths.Keys.Order();

    /// <summary>What was done with nodes of xenstore.</summary>
    public IEnumerable<(string Path, KernelUse Use)> Nodes => _nodes.Keys.Order();

    /// <summary>The host with these ports.</summary>
    public Dom0 Wrap() => new(
        real.Id,
        this,
        this,
        this,
        async (dom0, cancellationToken) => await XenStoreClient.ConnectAsync(dom0.XenStoreTransport, dom0.Time, null, cancellationToken),
        real.Time,
        real);

    public ValueTask<byte[]> ReadAsync(string path, int limit, CancellationToken cancellationToken)
    {
        Note(path, KernelUse.Read);
        return real.Files.ReadAsync(path, limit, cancellationToken);
    }

    public ValueTask WriteOnceAsync(string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        Note(path, KernelUse.Write);
        return real.Files.WriteOnceAsync(path, data, cancellationToken);
    }

    public ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        Note(path, KernelUse.Write);
        return real.Files.ReplaceAsync(path, data, cancellationToken);
    }

    public ValueTask ComposeAsync(
        string path, IReadOnlyList<FilePiece> pieces, bool isPacked, CancellationToken cancellationToken)
    {
        Note(path, KernelUse.Write);
        return real.Files.ComposeAsync(path, pieces, isPacked, cancellationToken);
    }

    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken)
    {
        Note(path, KernelUse.Write);
        return real.Files.DeleteAsync(path, cancellationToken);
    }

    public ValueTask CreateDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        Note(path, KernelUse.Write);
        return real.Files.CreateDirectoryAsync(path, cancellationToken);
    }

    public ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellationToken)
    {
        Note(path, KernelUse.Look);
        return real.Files.ListAsync(path, cancellationToken);
    }

    public ValueTask<string?> ResolveAsync(string path, CancellationToken cancellationToken)
    {
        Note(path, KernelUse.Look);
        return real.Files.ResolveAsync(path, cancellationToken);
    }

    public ValueTask<HostFileKind> GetKindAsync(string path, CancellationToken cancellationToken)
    {
        Note(path, KernelUse.Look);
        return real.Files.GetKindAsync(path, cancellationToken);
    }

    public ValueTask<BulkAnswer> ReadManyAsync(BulkQuery query, CancellationToken cancellationToken)
    {
        foreach (string path in query.Files)
        {
            Note(path, KernelUse.Read);
        }

        foreach (string path in query.Links.Concat(query.Names))
        {
            Note(path, KernelUse.Look);
        }

        return real.Files.ReadManyAsync(query, cancellationToken);
    }

    // A program that is given a path may do anything with it; stat only looks.
    public ValueTask<CommandResult> RunAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        foreach (string argument in request.Arguments)
        {
            Note(argument, request.Program == "stat" ? KernelUse.Look : KernelUse.Write);
        }

        return real.Commands.RunAsync(request, cancellationToken);
    }

    public async ValueTask<IXenStoreChannel> OpenAsync(CancellationToken cancellationToken) =>
        new Channel(this, await real.XenStoreTransport.OpenAsync(cancellationToken));

    private void Note(string path, KernelUse use)
    {
        if (path.StartsWith("/sys", StringComparison.Ordinal) || path.StartsWith("/proc", StringComparison.Ordinal))
        {
            _paths[(path, use)] = true;
        }
    }

    private void Note(ReadOnlySpan<byte> message)
    {
        KernelUse? use = MessageHeader.Read(message).Type switch
        {
            MessageType.Write or MessageType.MakeDirectory or MessageType.Remove or MessageType.SetPermissions => KernelUse.Write,
            MessageType.Directory or MessageType.DirectoryPart or MessageType.Read or MessageType.GetPermissions or MessageType.Watch =>
                KernelUse.Read,
            MessageType.Unwatch or MessageType.TransactionStart or MessageType.TransactionEnd or MessageType.GetDomainPath
                or MessageType.IsDomainIntroduced or MessageType.ResetWatches => null,
            MessageType other => throw new InvalidOperationException($"{other} is not expected of this product."),
        };
        ReadOnlySpan<byte> payload = message[MessageHeader.Size..];
        int end = payload.IndexOf((byte)0);
        if (use is { } known)
        {
            _nodes[(Encoding.Latin1.GetString(end < 0 ? payload : payload[..end]), known)] = true;
        }
    }

    private sealed class Channel(RecordingPorts ports, IXenStoreChannel real) : IXenStoreChannel
    {
        public ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
        {
            ports.Note(message.Span);
            return real.SendAsync(message, cancellationToken);
        }

        public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
            real.ReceiveAsync(buffer, cancellationToken);

        public ValueTask DisposeAsync() => real.DisposeAsync();
    }
}
