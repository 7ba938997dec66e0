using System.Text;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Access.Ssh;

/// <summary>
/// The lock of a dom0 reached by SSH: a descriptor of the shell of the master connection. That shell reads from this process, so it
/// ends, and the lock with it, when this process does or the connection breaks; it is there anyhow, so the lock costs no session; and
/// what it starts itself has ended before the next script.
/// </summary>
/// <param name="connection">The way to dom0.</param>
/// <param name="directory">The directory of its file; null for the usual one.</param>
internal sealed class SshLock(SshConnection connection, string? directory = null) : IDom0Lock
{
    private const int Busy = 1;
    private const int NoProgram = 2;
    private const int Forbidden = 4;
    private const int TextLimit = 64 * 1024;

    // A line is read by the shell itself, without a program; stat's name of a process may have blanks. The start is field 22.
    private const string OwnStart = "read -r y </proc/$$/stat; set -- ${y##*) }";

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);
    private readonly string _places =
        (directory is null ? $"l=/run; [ -d $l ] || l=/var/run; l=$l/{LockText.Directory}" : $"l={PosixShell.Quote(directory)}")
            + $"; z=$l/{LockText.File}";

    private int _held;
    private LockNote? _own;

    public async ValueTask<LockAttempt> TryTakeAsync(LockNote note, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Interlocked.Exchange(ref _held, 1) != 0)
        {
            // A descriptor locks out others, not those who share it.
            return new LockAttempt
            {
                Owner = _own is { } own ? new LockOwner(own, "over this very connection", Environment.ProcessId) : null,
            };
        }

        _own = note;
        Task<LockAttempt> attempt = TakeAsync(note);
        try
        {
            return await attempt.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The far side may have taken it in this moment.
            _ = LetGoOfAsync(attempt);
            throw;
        }
    }

    private static async Task LetGoOfAsync(Task<LockAttempt> attempt)
    {
        await ((Task)attempt).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (attempt.IsCompletedSuccessfully && attempt.Result.Hold is { } hold)
        {
            await hold.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static string Print(LockNote note) =>
        $"printf '%s\\n' \"$$ ${{20}}\" {PosixShell.Quote(LockText.Line(note.Since))} {PosixShell.Quote(LockText.Line(note.Who))} "
        + $"\"over SSH${{SSH_CLIENT:+ from ${{SSH_CLIENT%% *}}}}\" {PosixShell.Quote(LockText.Line(note.What))} >$z 2>/dev/null || :";

    // A redirection that fails ends a shell when exec does it, hence the trial in a shell of its own.
    private static string Take(LockNote note) =>
        $"r=3; if ! w flock; then r={NoProgram}; elif ! {{ [ -d $l ] || mkdir -p -m 700 $l; }}; then :; "
        + "elif [ -L $l ] || ! [ -O $l ]; then e \"$l is not this user's own\"; elif (umask 077; exec 9<>$z); then exec 9<>$z; "
        + $"y=$(\"$x\" -n 9 2>&1); r=$?; if [ $r = 0 ]; then {OwnStart}; {Print(note)}; else exec 9>&-; "
        + $"if [ $r = {Busy} ] && [ -z \"$y\" ]; then {{ read -r p s; read -r b; read -r c; read -r d; read -r g; }} <$z; "
        + "case $p in ''|*[!0-9]*) ;; *) if read -r y </proc/$p/stat; then set -- ${y##*) }; "
        + "printf '%s\\n' \"$p $s\" \"$b\" \"$c\" \"$d\" \"$g\" \"${20}\"; fi;; esac 2>/dev/null; "
        + "else r=3; e \"$y\"; fi; fi; fi; "
        + $"if [ $r = 3 ] && ! [ -w ${{l%/*}} ]; then r={Forbidden}; fi";

    private async Task<LockAttempt> TakeAsync(LockNote note)
    {
        bool taken = false;
        try
        {
            RemoteReply reply = await RunAsync(Take(note)).ConfigureAwait(false);
            taken = reply.Status == 0;
            return reply.Status switch
            {
                0 => new LockAttempt { Hold = new Held(this) },
                Busy => new LockAttempt { Owner = ReadOwner(Encoding.UTF8.GetString(reply.Output)) },
                NoProgram => new LockAttempt { Obstacle = "it has no flock(1) (util-linux or busybox)" },
                _ => new LockAttempt
                {
                    Obstacle = Terminal.Text.Show(Encoding.UTF8.GetString(reply.Error).Trim()),
                    IsForbidden = reply.Status == Forbidden,
                },
            };
        }
        finally
        {
            if (!taken)
            {
                Volatile.Write(ref _held, 0);
            }
        }
    }

    /// <summary>The shell has printed the file, and after it the start of the process that the file names.</summary>
    private static LockOwner? ReadOwner(string text)
    {
        string[] lines = text.TrimEnd('\n').Split('\n');
        return LockText.Parse(text, _ => lines[^1]);
    }

    private async Task<RemoteReply> RunAsync(string commands)
    {
        using CancellationTokenSource timeout = new(s_timeout, connection.Time);
        try
        {
            RemoteScript script = new($"{{ {_places}; {commands}; }} </dev/null") { Limit = TextLimit };
            return await connection.RunInMasterAsync(script, timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw CommandErrors.TimedOut(new CommandRequest("flock", []) { Timeout = s_timeout });
        }
    }

    private async Task TryRunAsync(string commands)
    {
        try
        {
            await RunAsync(commands).ConfigureAwait(false);
        }
        catch (Exception e) when (e is XenDriverDomainException or ObjectDisposedException)
        {
            // The connection is gone, and the lock with it.
        }
    }

    private sealed class Held(SshLock owner) : IDom0LockHold
    {
        private int _released;

        public ValueTask TellAsync(LockNote note)
        {
            owner._own = note;
            return new(owner.TryRunAsync($"{OwnStart}; {Print(note)}; r=0"));
        }

        public async ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
            {
                // Before the lock goes: this shell lives on, and must not be taken for the next holder.
                await owner.TryRunAsync("printf '' >$z; exec 9>&-; r=0").ConfigureAwait(false);
                owner._own = null;
                Volatile.Write(ref owner._held, 0);
            }
        }
    }
}
