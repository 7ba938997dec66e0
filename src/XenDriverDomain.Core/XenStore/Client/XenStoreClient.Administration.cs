using System.Globalization;
using System.Text;
using XenDriverDomain.XenStore.Wire;

namespace XenDriverDomain.XenStore.Client;

/// <content>The operations of toolstacks and administrators; xenstored grants them to dom0 only.</content>
internal sealed partial class XenStoreClient
{
    /// <summary>
    /// Runs a command of xenstored's own, such as <c>help</c> or <c>check</c> (xenstore-control(8)), and returns what it prints.
    /// </summary>
    /// <param name="arguments">The command and its arguments.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<string> ControlAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentOutOfRangeException.ThrowIfZero(arguments.Count, nameof(arguments));
        Reply reply = await _connection.RequestAsync(
            MessageType.Control, 0, arguments[0], PayloadWriter.Strings([.. arguments]), cancellationToken).ConfigureAwait(false);
        return reply.Error is null
            ? Encoding.UTF8.GetString(reply.Payload).TrimEnd('\0')
            : throw new XenStoreException(MessageType.Control.ToWords(), arguments[0], reply.Error);
    }

    /// <summary>Tells xenstored of a new domain: the frame of its ring and its event channel. Toolstacks do this.</summary>
    public ValueTask IntroduceDomainAsync(int domid, ulong frame, uint eventChannel, CancellationToken cancellationToken) =>
        OrderAsync(
            MessageType.Introduce,
            domid,
            [frame.ToString(CultureInfo.InvariantCulture), eventChannel.ToString(CultureInfo.InvariantCulture)],
            cancellationToken);

    /// <summary>Makes xenstored forget a domain.</summary>
    public ValueTask ReleaseDomainAsync(int domid, CancellationToken cancellationToken) =>
        OrderAsync(MessageType.Release, domid, [], cancellationToken);

    /// <summary>Tells xenstored that a domain runs again after a suspend that was cancelled.</summary>
    public ValueTask ResumeDomainAsync(int domid, CancellationToken cancellationToken) =>
        OrderAsync(MessageType.Resume, domid, [], cancellationToken);

    /// <summary>Gives a domain (a device model's) the rights of another one, its target.</summary>
    public ValueTask SetTargetAsync(int domid, int target, CancellationToken cancellationToken) =>
        OrderAsync(MessageType.SetTarget, domid, [DomainText(target).Number], cancellationToken);

    /// <summary>
    /// Ends all watches and transactions of this connection; waits on its watches end with ObjectDisposedException. Not for
    /// /dev/xen/xenbus, where the connection is the kernel's and its own watches would go, too.
    /// </summary>
    public async ValueTask ResetWatchesAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<XenStoreWatch> watches = _connection.Watches();
        Reply reply = await _connection.RequestAsync(
            MessageType.ResetWatches, 0, "the watches", PayloadWriter.Strings(), cancellationToken).ConfigureAwait(false);
        if (reply.Error is not null)
        {
            throw new XenStoreException(MessageType.ResetWatches.ToWords(), "the watches", reply.Error);
        }

        CheckAcknowledged(MessageType.ResetWatches, "the watches", reply);
        foreach (XenStoreWatch watch in watches)
        {
            _connection.RemoveWatch(watch.Number);
            watch.End(() => new ObjectDisposedException(nameof(IXenStoreWatch)));
        }
    }

    private async ValueTask OrderAsync(MessageType type, int domid, string[] more, CancellationToken cancellationToken)
    {
        (string text, string subject) = DomainText(domid);
        Reply reply = await _connection.RequestAsync(
            type, 0, subject, PayloadWriter.Strings([text, .. more]), cancellationToken).ConfigureAwait(false);
        if (reply.Error is not null)
        {
            throw new XenStoreException(type.ToWords(), subject, reply.Error);
        }

        CheckAcknowledged(type, subject, reply);
    }
}
