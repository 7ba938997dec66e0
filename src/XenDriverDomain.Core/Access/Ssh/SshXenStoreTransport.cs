using System.Net.Sockets;
using System.Text;
using XenDriverDomain.Access.Local;
using XenDriverDomain.Access.Posix;
using XenDriverDomain.Errors;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Access.Ssh;

/// <summary>
/// The way to the xenstored of a host reached by SSH: its socket, forwarded to one in the connection's own directory. A
/// xenstored in a stub domain has no socket, and the kernel's device cannot be forwarded.
/// </summary>
/// <param name="connection">The way to the host.</param>
/// <param name="sockets">Where its socket may be.</param>
/// <param name="devices">Where the kernel's device may be.</param>
/// <param name="asker">A program that ends with 0 when xenstored answers, through whatever there is.</param>
internal sealed class SshXenStoreTransport(SshConnection connection, string[] sockets, string[] devices, CommandRequest asker)
    : IXenStoreTransport, IDisposable
{
    // Through the device it would wait for a xenstored to come.
    private static readonly CommandRequest s_asker = new("xenstore-exists", ["/"]) { Timeout = TimeSpan.FromSeconds(5), OnlyLooks = true };

    private readonly SemaphoreSlim _forwarding = new(1, 1);
    private (string Local, string Remote)? _forwarded;

    /// <summary>The usual places.</summary>
    public SshXenStoreTransport(SshConnection connection)
        : this(connection, LocalXenStoreTransport.Sockets(_ => null), LocalXenStoreTransport.Devices, s_asker)
    {
    }

    /// <inheritdoc/>
    public async ValueTask<IXenStoreChannel> OpenAsync(CancellationToken cancellationToken)
    {
        (string local, string remote) = await ForwardAsync(cancellationToken).ConfigureAwait(false);
        string name = $"{remote} on {connection.Id}";
        try
        {
            // ssh accepts before it has asked the far side; a refusal there shows as an end before the first byte.
            return await SocketXenStoreChannel.ConnectAsync(local, name, () => Refused(remote), cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            throw connection.Lost("");
        }
    }

    public void Dispose() => _forwarding.Dispose();

    private static XenDriverDomainException Refused(string remote) => new(
        ErrorIds.XenStoreUnavailable,
        ErrorKind.Connection,
        $"xenstored cannot be reached: the SSH server cannot open {remote}.",
        "Connect as a user who is root on dom0, look whether xenstored runs, and let sshd forward sockets (AllowStreamLocalForwarding).",
        remote);

    private async Task<(string Local, string Remote)> ForwardAsync(CancellationToken cancellationToken)
    {
        await _forwarding.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_forwarded is { } known)
            {
                return known;
            }

            string remote = await FindSocketAsync(cancellationToken).ConfigureAwait(false);
            string local = $"{connection.DirectoryPath}/x";
            if (await connection.ForwardAsync(local, remote, cancellationToken).ConfigureAwait(false) is { } complaint)
            {
                throw XenStoreTransportErrors.CannotOpen(remote, Terminal.Text.Show(complaint.Trim()));
            }

            _forwarded = (local, remote);
            return (local, remote);
        }
        finally
        {
            _forwarding.Release();
        }
    }

    private async Task<string> FindSocketAsync(CancellationToken cancellationToken)
    {
        string script = $"for p in {Words(sockets)}; do if [ -S \"$p\" ]; then [ -w \"$p\" ] || printf '!'; printf '%s' \"$p\"; "
            + $"break; fi; done; for p in {Words(devices)}; do if [ -e \"$p\" ]; then printf '\\0'; break; fi; done";
        RemoteReply reply = await connection.RunAsync(
            RemoteScript.Of(script) with { OnlyLooks = true }, "look for xenstored", cancellationToken).ConfigureAwait(false);
        string answer = Encoding.UTF8.GetString(reply.Output);
        string socket = answer.TrimEnd('\0');
        if (socket.Length > 0)
        {
            return socket[0] == '!' ? throw XenStoreTransportErrors.NotAllowed(socket[1..]) : socket;
        }

        // The device is there in every dom0, whether or not anybody answers at its other end.
        throw answer.Length > 0 && await AnswersAsync(cancellationToken).ConfigureAwait(false)
            ? new XenDriverDomainException(
                ErrorIds.XenStoreInStubDomain,
                ErrorKind.NotSupported,
                $"xenstored on {connection.Id} has no socket and answers only through the kernel's device, as one in a stub domain does; "
                    + "SSH cannot forward that.",
                "Run PowerShell on that dom0 itself, or give the host a xenstored in dom0 (XENSTORETYPE in /etc/default/xencommons).",
                connection.Id)
            : XenStoreTransportErrors.NothingThere(sockets);
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await connection.Commands.RunAsync(asker, cancellationToken).ConfigureAwait(false)).ExitCode == 0;
        }
        catch (XenDriverDomainException e) when (e.ErrorId is ErrorIds.HostCommandTimedOut or ErrorIds.HostCommandNotFound)
        {
            return false;
        }
    }

    private static string Words(IEnumerable<string> paths) => string.Join(' ', paths.Select(PosixShell.Quote));
}
