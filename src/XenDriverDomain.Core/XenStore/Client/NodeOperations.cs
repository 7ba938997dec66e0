using System.Globalization;
using XenDriverDomain.Waiting;
using XenDriverDomain.XenStore.Wire;

namespace XenDriverDomain.XenStore.Client;

/// <summary>The operations on nodes over a connection, outside of transactions (0) or within one.</summary>
internal class NodeOperations(XenStoreConnection connection, uint transaction) : IXenStore
{
    public async ValueTask<byte[]?> TryReadAsync(XenStorePath path, CancellationToken cancellationToken)
    {
        Reply reply = await SendAsync(MessageType.Read, path, [], cancellationToken).ConfigureAwait(false);
        return reply.Error switch
        {
            null => reply.Payload,
            "ENOENT" => null,
            _ => throw Refused(MessageType.Read, path, reply.Error),
        };
    }

    public async ValueTask<IReadOnlyList<string>?> TryListAsync(XenStorePath path, CancellationToken cancellationToken)
    {
        Reply reply = await SendAsync(MessageType.Directory, path, [], cancellationToken).ConfigureAwait(false);
        switch (reply.Error)
        {
            case null:
                List<string> names = [];
                return EndsWithNul(reply.Payload) && PayloadReader.TryReadNames(reply.Payload, names, connection.Options.MaxListNames)
                    ? names
                    : throw connection.Break($"a malformed or endless list of the children of {path}");
            case "ENOENT":
                return null;
            case "E2BIG":
                return await ListInPartsAsync(path, cancellationToken).ConfigureAwait(false);
            default:
                throw Refused(MessageType.Directory, path, reply.Error);
        }
    }

    public async ValueTask WriteAsync(XenStorePath path, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        string text = TextOf(path);
        int size = text.Length + 1 + value.Length;
        if (size > MessageHeader.PayloadMax)
        {
            throw XenStoreErrors.TooLarge(MessageType.Write, text, size);
        }

        EnsureUsable();
        Reply reply = await connection.RequestAsync(
            MessageType.Write, transaction, text, PayloadWriter.PathAndValue(text, value.Span), cancellationToken).ConfigureAwait(false);
        CheckDone(MessageType.Write, path, reply);
    }

    public async ValueTask MakeDirectoryAsync(XenStorePath path, CancellationToken cancellationToken)
    {
        Reply reply = await SendAsync(MessageType.MakeDirectory, path, [], cancellationToken).ConfigureAwait(false);
        if (reply.Error != "EEXIST")
        {
            CheckDone(MessageType.MakeDirectory, path, reply);
        }
    }

    public async ValueTask<bool> RemoveAsync(XenStorePath path, CancellationToken cancellationToken)
    {
        // RM of a missing node succeeds when its parent exists, so a READ just before it tells. xenstored serves a connection's
        // requests in order; only a change by somebody else between the two makes the answer wrong, never the removal.
        (Reply looking, Reply removed) = await Together.AllAsync(
            SendAsync(MessageType.Read, path, [], cancellationToken),
            SendAsync(MessageType.Remove, path, [], cancellationToken)).ConfigureAwait(false);
        if (removed.Error == "ENOENT")
        {
            return false;
        }

        CheckDone(MessageType.Remove, path, removed);
        return looking.Error != "ENOENT";
    }

    public async ValueTask<IReadOnlyList<XenStorePermission>> GetPermissionsAsync(
        XenStorePath path, CancellationToken cancellationToken)
    {
        Reply reply = await SendAsync(MessageType.GetPermissions, path, [], cancellationToken).ConfigureAwait(false);
        if (reply.Error is not null)
        {
            throw Refused(MessageType.GetPermissions, path, reply.Error);
        }

        return EndsWithNul(reply.Payload) && PayloadReader.TryReadPermissions(reply.Payload, out List<XenStorePermission> permissions)
            ? permissions
            : throw connection.Break($"malformed permissions of {path}");
    }

    public async ValueTask SetPermissionsAsync(
        XenStorePath path, IReadOnlyList<XenStorePermission> permissions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(permissions);
        ArgumentOutOfRangeException.ThrowIfZero(permissions.Count, nameof(permissions));
        string[] texts = new string[permissions.Count];
        for (int i = 0; i < texts.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)permissions[i].Domid, ushort.MaxValue, nameof(permissions));
            texts[i] = permissions[i].ToString();
        }

        Reply reply = await SendAsync(MessageType.SetPermissions, path, texts, cancellationToken).ConfigureAwait(false);
        CheckDone(MessageType.SetPermissions, path, reply);
    }

    /// <summary>Throws when the operations may not be used any more.</summary>
    protected virtual void EnsureUsable()
    {
    }

    private static string TextOf(XenStorePath path)
    {
        string text = path.ToString();

        // The default value of the struct is no path; parsing it gives the error that says so.
        return text.Length > 0 ? text : XenStorePath.Parse(text).ToString();
    }

    private static bool EndsWithNul(byte[] payload) => payload.Length == 0 || payload[^1] == 0;

    private static XenStoreException Refused(MessageType type, XenStorePath path, string error) =>
        new(type.ToWords(), path.ToString(), error);

    private Task<Reply> SendAsync(MessageType type, XenStorePath path, string[] more, CancellationToken cancellationToken)
    {
        string text = TextOf(path);
        EnsureUsable();
        return connection.RequestAsync(type, transaction, text, PayloadWriter.Strings([text, .. more]), cancellationToken);
    }

    private void CheckDone(MessageType type, XenStorePath path, Reply reply)
    {
        if (reply.Error is not null)
        {
            throw Refused(type, path, reply.Error);
        }

        if (!PayloadReader.IsAcknowledgement(reply.Payload))
        {
            throw connection.Break($"no acknowledgement in reply to the request to {type.ToWords()} {path}");
        }
    }

    /// <summary>
    /// Reads a list that is too long for one message. The offset counts the bytes of names already received; a change of the
    /// node's generation means that it no longer fits, and the reading begins again (docs/misc/xenstore.txt, DIRECTORY_PART).
    /// </summary>
    private async Task<IReadOnlyList<string>?> ListInPartsAsync(XenStorePath path, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt <= connection.Options.MaxListRestarts; attempt++)
        {
            List<string> names = [];
            ulong? first = null;
            int offset = 0;
            while (true)
            {
                string[] from = [offset.ToString(CultureInfo.InvariantCulture)];
                Reply reply = await SendAsync(MessageType.DirectoryPart, path, from, cancellationToken).ConfigureAwait(false);
                switch (reply.Error)
                {
                    case null:
                        break;
                    case "ENOENT":
                        return null;
                    case "ENOSYS" or "EINVAL":
                        // A server without DIRECTORY_PART (before Xen 4.9): the list is too long, and that is all to say.
                        throw Refused(MessageType.Directory, path, "E2BIG");
                    default:
                        throw Refused(MessageType.DirectoryPart, path, reply.Error);
                }

                if (!TakePart(reply.Payload, names, ref offset, out ulong generation, out bool last))
                {
                    throw connection.Break($"a malformed or endless part of the list of the children of {path}");
                }

                if (first is not null && first != generation)
                {
                    break;
                }

                if (last)
                {
                    return names;
                }

                first = generation;
            }
        }

        throw XenStoreErrors.ListUnstable(path.ToString(), connection.Options.MaxListRestarts);
    }

    private bool TakePart(byte[] payload, List<string> names, ref int offset, out ulong generation, out bool last)
    {
        last = false;
        if (!PayloadReader.TryReadPart(payload, out generation, out ReadOnlySpan<byte> rest) || rest[^1] != 0)
        {
            return false;
        }

        // The end is marked by one more NUL, as if by an empty name.
        last = rest.Length == 1 || rest[^2] == 0;
        if (last)
        {
            rest = rest[..^1];
        }

        offset += rest.Length;
        return offset <= connection.Options.MaxListBytes
            && PayloadReader.TryReadNames(rest, names, connection.Options.MaxListNames);
    }
}
