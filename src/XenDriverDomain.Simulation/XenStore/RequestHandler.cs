using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using XenDriverDomain.XenStore;
using XenDriverDomain.XenStore.Wire;

namespace XenDriverDomain.Simulation.XenStore;

/// <summary>Carries out the requests of one connection (process_message and the do_* functions of the C xenstored).</summary>
/// <param name="state">The store, whose lock is held.</param>
/// <param name="connection">Where the requests come from and the replies go.</param>
internal sealed class RequestHandler(StoreState state, StoreConnection connection)
{
    private readonly Dictionary<uint, StoreTransaction> _transactions = [];
    private readonly List<(StoreWatch Watch, string Token)> _watches = [];
    private uint _nextTransaction;

    private StoreDomain Domain => connection.Domain;

    /// <summary>Answers a request, with a reply or an error.</summary>
    public void Handle(MessageHeader header, ReadOnlySpan<byte> payload)
    {
        StoreError error = Dispatch(header, payload);
        if (error != StoreError.None)
        {
            connection.Send(header with { Type = MessageType.Error }, Encoding.ASCII.GetBytes(error + "\0"));
        }
    }

    /// <summary>Ends all watches and transactions.</summary>
    public void Reset()
    {
        _transactions.Clear();
        foreach ((StoreWatch watch, _) in _watches)
        {
            state.Watches.Remove(watch);
        }

        _watches.Clear();
    }

    private static bool IsForDom0Only(MessageType type) => type is MessageType.Control or MessageType.Introduce or MessageType.Release
        or MessageType.IsDomainIntroduced or MessageType.Resume or MessageType.SetTarget;

    private StoreError Dispatch(MessageHeader header, ReadOnlySpan<byte> payload)
    {
        if (!Enum.IsDefined(header.Type) || header.Type is MessageType.WatchEvent or MessageType.Error)
        {
            return StoreError.ENOSYS;
        }

        if (IsForDom0Only(header.Type) && !Domain.IsPrivileged)
        {
            return StoreError.EACCES;
        }

        StoreTransaction? transaction = null;
        if (header.Type is not (MessageType.Watch or MessageType.Unwatch) && header.TransactionId != 0
            && !_transactions.TryGetValue(header.TransactionId, out transaction))
        {
            return StoreError.ENOENT;
        }

        NodeRequests nodes = state.OperationsOf(Domain, transaction);
        return header.Type switch
        {
            MessageType.Directory => List(header, nodes, payload),
            MessageType.DirectoryPart => ListPart(header, nodes, payload),
            MessageType.Read => Read(header, nodes, payload),
            MessageType.Write => Write(header, nodes, payload),
            MessageType.MakeDirectory => Acknowledge(header, RequestReader.OneText(payload) is { } path
                ? nodes.MakeDirectory(path) : StoreError.EINVAL),
            MessageType.Remove => Acknowledge(header, RequestReader.OneText(payload) is { } path
                ? nodes.Remove(path, out _) : StoreError.EINVAL),
            MessageType.GetPermissions => GetPermissions(header, nodes, payload),
            MessageType.SetPermissions => SetPermissions(header, nodes, payload),
            MessageType.Watch => Watch(header, payload),
            MessageType.Unwatch => Unwatch(header, payload),
            MessageType.ResetWatches => ResetWatches(header),
            MessageType.TransactionStart => StartTransaction(header, transaction),
            MessageType.TransactionEnd => EndTransaction(header, transaction, payload),
            MessageType.GetDomainPath => GetDomainPath(header, payload),
            MessageType.IsDomainIntroduced => IsDomainIntroduced(header, payload),
            MessageType.Introduce => Introduce(header, payload),
            MessageType.Release => Release(header, payload),
            MessageType.Resume => Acknowledge(header, OneDomain(payload, out _)),
            MessageType.SetTarget => SetTarget(header, payload),
            _ => Control(header, payload),
        };
    }

    private StoreError Reply(MessageHeader header, ReadOnlySpan<byte> payload)
    {
        if (payload.Length > MessageHeader.PayloadMax)
        {
            return StoreError.E2BIG;
        }

        connection.Send(header, payload);
        return StoreError.None;
    }

    private StoreError Reply(MessageHeader header, string text) => Reply(header, Encoding.ASCII.GetBytes(text + '\0'));

    private StoreError Acknowledge(MessageHeader header, StoreError error) => error == StoreError.None ? Reply(header, "OK") : error;

    private static byte[] NamesOf(StoreNode node) => Encoding.ASCII.GetBytes(string.Concat(node.Children.Select(name => name + '\0')));

    private StoreError Read(MessageHeader header, NodeRequests nodes, ReadOnlySpan<byte> payload) =>
        Find(nodes, payload, out StoreNode? node) is var error and not StoreError.None ? error : Reply(header, node!.Value.Span);

    private StoreError List(MessageHeader header, NodeRequests nodes, ReadOnlySpan<byte> payload) =>
        Find(nodes, payload, out StoreNode? node) is var error and not StoreError.None ? error : Reply(header, NamesOf(node!));

    private StoreError GetPermissions(MessageHeader header, NodeRequests nodes, ReadOnlySpan<byte> payload) =>
        Find(nodes, payload, out StoreNode? node) is var error and not StoreError.None
            ? error
            : Reply(header, string.Join('\0', node!.Permissions));

    private static StoreError Find(NodeRequests nodes, ReadOnlySpan<byte> payload, out StoreNode? node)
    {
        node = null;
        return RequestReader.OneText(payload) is { } path
            ? nodes.Find(path, XenStoreAccess.Read, out node, out _)
            : StoreError.EINVAL;
    }

    /// <summary>As many whole names as fit from an offset on, after the generation; an empty name tells that there are no more.</summary>
    private StoreError ListPart(MessageHeader header, NodeRequests nodes, ReadOnlySpan<byte> payload)
    {
        List<string> texts = RequestReader.Texts(payload);
        if (texts.Count != 2)
        {
            return StoreError.EINVAL;
        }

        StoreError error = nodes.Find(texts[0], XenStoreAccess.Read, out StoreNode? node, out _);
        if (error != StoreError.None)
        {
            return error;
        }

        byte[] names = NamesOf(node!);
        string generation = node!.Generation.ToString(CultureInfo.InvariantCulture) + '\0';
        int offset = (int)Math.Min((uint)RequestReader.Number(texts[1]), (uint)names.Length);
        int room = MessageHeader.PayloadMax - generation.Length - 1;
        int length = 0;
        while (offset + length < names.Length)
        {
            int name = Array.IndexOf(names, (byte)0, offset + length) + 1 - offset - length;
            if (length + name > room)
            {
                break;
            }

            length += name;
        }

        byte[] last = offset + length == names.Length ? [0] : [];
        return Reply(header, [.. Encoding.ASCII.GetBytes(generation), .. names.AsSpan(offset, length), .. last]);
    }

    private StoreError Write(MessageHeader header, NodeRequests nodes, ReadOnlySpan<byte> payload)
    {
        int end = payload.IndexOf((byte)0);
        return end < 0
            ? StoreError.EINVAL
            : Acknowledge(header, nodes.Write(Encoding.Latin1.GetString(payload[..end]), payload[(end + 1)..]));
    }

    private StoreError SetPermissions(MessageHeader header, NodeRequests nodes, ReadOnlySpan<byte> payload)
    {
        List<string> texts = RequestReader.Texts(payload);
        if (texts.Count < 2)
        {
            return StoreError.EINVAL;
        }

        if (!Domain.IsPrivileged && texts.Count - 1 > StoreQuotas.Permissions)
        {
            return StoreError.ENOSPC;
        }

        return RequestReader.Permissions(texts.Skip(1)) is { } permissions
            ? Acknowledge(header, nodes.SetPermissions(texts[0], permissions))
            : StoreError.EINVAL;
    }

    private StoreError Watch(MessageHeader header, ReadOnlySpan<byte> payload)
    {
        List<string> texts = RequestReader.Texts(payload);
        if (texts.Count != 2)
        {
            return StoreError.EINVAL;
        }

        string path = StorePaths.Absolute(texts[0], Domain.Home);
        if (StorePaths.IsSpecial(path) ? path.Length > StoreQuotas.PathLength : !StorePaths.IsValid(path))
        {
            return StoreError.EINVAL;
        }

        string token = texts[1];
        if (_watches.Exists(one => one.Watch.Path == path && one.Token == token))
        {
            return StoreError.EEXIST;
        }

        if (!Domain.IsPrivileged && Domain.Watches > StoreQuotas.Watches)
        {
            return StoreError.E2BIG;
        }

        StoreWatch watch = new(
            Domain, path, path == texts[0] ? string.Empty : Domain.Home, changed => connection.SendEvent(changed, token));
        state.Watches.Add(watch);
        _watches.Add((watch, token));
        StoreError error = Reply(header, "OK");
        watch.Fire(path);
        return error;
    }

    private StoreError Unwatch(MessageHeader header, ReadOnlySpan<byte> payload)
    {
        List<string> texts = RequestReader.Texts(payload);
        if (texts.Count != 2)
        {
            return StoreError.EINVAL;
        }

        string path = StorePaths.Absolute(texts[0], Domain.Home);
        int index = _watches.FindIndex(one => one.Watch.Path == path && one.Token == texts[1]);
        if (index < 0)
        {
            return StoreError.ENOENT;
        }

        state.Watches.Remove(_watches[index].Watch);
        _watches.RemoveAt(index);
        return Reply(header, "OK");
    }

    private StoreError ResetWatches(MessageHeader header)
    {
        Reset();
        return Reply(header, "OK");
    }

    private StoreError StartTransaction(MessageHeader header, StoreTransaction? outer)
    {
        if (outer is not null)
        {
            return StoreError.EBUSY;
        }

        if (!Domain.IsPrivileged && _transactions.Count > StoreQuotas.Transactions)
        {
            return StoreError.ENOSPC;
        }

        do
        {
            _nextTransaction++;
        }
        while (_nextTransaction == 0 || _transactions.ContainsKey(_nextTransaction));

        _transactions.Add(_nextTransaction, new StoreTransaction(state.Nodes));
        return Reply(header, _nextTransaction.ToString(CultureInfo.InvariantCulture));
    }

    private StoreError EndTransaction(MessageHeader header, StoreTransaction? transaction, ReadOnlySpan<byte> payload)
    {
        if (RequestReader.OneText(payload) is not ("T" or "F"))
        {
            return StoreError.EINVAL;
        }

        if (transaction is null)
        {
            return StoreError.ENOENT;
        }

        _transactions.Remove(header.TransactionId);
        return Acknowledge(header, payload[0] == 'T' ? transaction.Commit(state.Watches, !Domain.IsPrivileged) : StoreError.None);
    }

    private StoreError GetDomainPath(MessageHeader header, ReadOnlySpan<byte> payload) => RequestReader.OneText(payload) is { } domid
        ? Reply(header, "/local/domain/" + ((uint)RequestReader.Number(domid)).ToString(CultureInfo.InvariantCulture))
        : StoreError.EINVAL;

    private StoreError IsDomainIntroduced(MessageHeader header, ReadOnlySpan<byte> payload)
    {
        // DOMID_SELF, xen/include/public/xen.h.
        const int Self = 0x7FF0;
        return RequestReader.OneText(payload) is { } text
            ? Reply(header, RequestReader.Number(text) is var domid && (domid == Self || state.Domains.FindIntroduced(domid) is not null)
                ? "T"
                : "F")
            : StoreError.EINVAL;
    }

    private StoreError Introduce(MessageHeader header, ReadOnlySpan<byte> payload)
    {
        // The domain, the frame of its ring, and the port of its event channel.
        List<string> texts = RequestReader.Texts(payload);
        if (texts.Count < 3 || RequestReader.Number(texts[2]) <= 0 || RequestReader.Number(texts[0]) < 0)
        {
            return StoreError.EINVAL;
        }

        state.Introduce(state.Domains.Get(RequestReader.Number(texts[0])));
        return Reply(header, "OK");
    }

    private StoreError Release(MessageHeader header, ReadOnlySpan<byte> payload)
    {
        StoreError error = OneDomain(payload, out StoreDomain? domain);
        if (error == StoreError.None)
        {
            state.Release(domain!);
        }

        return Acknowledge(header, error);
    }

    private StoreError SetTarget(MessageHeader header, ReadOnlySpan<byte> payload)
    {
        List<string> texts = RequestReader.Texts(payload);
        if (texts.Count < 2)
        {
            return StoreError.EINVAL;
        }

        if (state.Domains.FindIntroduced(RequestReader.Number(texts[0])) is not { } domain
            || state.Domains.FindIntroduced(RequestReader.Number(texts[1])) is not { } target)
        {
            return StoreError.ENOENT;
        }

        domain.Target = target.Domid;
        return Reply(header, "OK");
    }

    private StoreError OneDomain(ReadOnlySpan<byte> payload, out StoreDomain? domain)
    {
        domain = null;
        if (RequestReader.OneText(payload) is not { } text || RequestReader.Number(text) is not (not 0 and var domid))
        {
            return StoreError.EINVAL;
        }

        domain = state.Domains.FindIntroduced(domid);
        return domain is null ? StoreError.ENOENT : StoreError.None;
    }

    private StoreError Control(MessageHeader header, ReadOnlySpan<byte> payload) => RequestReader.Texts(payload) switch
    {
        ["help"] => Reply(header, "check\t\nprint\t<string>\nhelp\t\n"),
        ["check"] or ["print", _] => Reply(header, "OK"),
        _ => StoreError.EINVAL,
    };
}
