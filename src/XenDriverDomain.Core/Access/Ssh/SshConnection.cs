using System.Diagnostics;
using XenDriverDomain.Access.Local;
using XenDriverDomain.Access.Posix;
using XenDriverDomain.Errors;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Access.Ssh;

/// <summary>
/// One connection to a dom0 by the system's OpenSSH client: a master, and everything else as sessions within it
/// (ssh_config(5), ControlMaster). Nothing is installed on the far side; it needs a POSIX shell, and coreutils or busybox.
/// </summary>
/// <remarks>
/// The master's own session reads scripts from this process, so master and sessions end when this process does, however it
/// does: a program that only looks is then killed, another one has the rest of its time. Passwords and passphrases are never asked for.
/// </remarks>
internal sealed class SshConnection : IAsyncDisposable
{
    private static readonly TimeSpan s_fileTimeout = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan s_killTimeout = TimeSpan.FromSeconds(5);
    private const int SigTerm = 15;

    private readonly SshClient _client;
    private readonly PrivateDirectory _directory;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _masterFree = new(1, 1);
    private readonly RemoteShellPool _pool;
    private readonly SshXenStoreTransport _xenStoreTransport;
    private readonly object _sync = new();
    private Task _behind = Task.CompletedTask;
    private RemoteShell? _master;
    private bool _newSession;
    private volatile bool _fewSessions;
    private int _disposed;

    private SshConnection(SshClient client, PrivateDirectory directory, TimeProvider time)
    {
        _client = client;
        _directory = directory;
        _time = time;
        Host = client.Host;
        Id = Host;
        _pool = new RemoteShellPool(StartShellAsync);
        Files = new SshFiles(this);
        Commands = new SshCommands(this, time);
        _xenStoreTransport = new SshXenStoreTransport(this);
        Lock = new SshLock(this);
    }

    /// <summary>The host as ssh resolved it, <c>user@host:port</c>.</summary>
    public string Id { get; private set; }

    /// <summary>The host's files.</summary>
    public IDom0Files Files { get; }

    /// <summary>The host's programs.</summary>
    public IDom0Commands Commands { get; }

    /// <summary>The way to the host's xenstored.</summary>
    public IXenStoreTransport XenStoreTransport => _xenStoreTransport;

    /// <summary>The host's lock.</summary>
    public IDom0Lock Lock { get; }

    /// <summary>The host as the user named it.</summary>
    internal string Host { get; }

    /// <summary>The clock of every wait.</summary>
    internal TimeProvider Time => _time;

    /// <summary>Where sockets may be made.</summary>
    internal string DirectoryPath => _directory.FullPath;

    /// <summary>
    /// Connects. Errors: SshOptionInvalid, SshNotInstalled, SshHostKeyRejected, SshAuthenticationFailed, ConnectionFailed.
    /// </summary>
    /// <param name="options">The host and the way to it.</param>
    /// <param name="time">The clock of every wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task<SshConnection> ConnectAsync(SshOptions options, TimeProvider time, CancellationToken cancellationToken) =>
        ConnectAsync(options, time, ProgramSearch.ExtendedPath(Environment.GetEnvironmentVariable("PATH")), cancellationToken);

    /// <summary>Connects with the ssh of another search path.</summary>
    internal static async Task<SshConnection> ConnectAsync(
        SshOptions options, TimeProvider time, string searchPath, CancellationToken cancellationToken)
    {
        SshArguments.Require(options);
        ArgumentNullException.ThrowIfNull(time);
        string ssh = ProgramSearch.Find("ssh", searchPath) ?? throw SshFailure.NotInstalled();
        PrivateDirectory directory = PrivateDirectory.Create();
        var client = new SshClient(ssh, ProgramSearch.Find("setsid", searchPath), options, $"{directory.FullPath}/c");
        var connection = new SshConnection(client, directory, time);
        try
        {
            using var timeout = new CancellationTokenSource(options.ConnectTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            try
            {
                await connection.StartMasterAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw SshFailure.TooSlow(options.HostName, options.ConnectTimeout);
            }

            connection._pool.Prepare();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        Task behind;
        lock (_sync)
        {
            behind = _behind;
        }

        // Each of them has its own limit.
        await behind.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _pool.DisposeAsync().ConfigureAwait(false);
        if (_master is not null)
        {
            await _master.EndAsync(SigTerm).ConfigureAwait(false);
        }

        _xenStoreTransport.Dispose();
        _directory.Dispose();
    }

    /// <summary>Runs commands of the file operations, and gives what they answered.</summary>
    /// <param name="script">The script.</param>
    /// <param name="what">What is being done, for the time-out's message.</param>
    /// <param name="cancellationToken">Ends the wait and the script.</param>
    internal async Task<RemoteReply> RunAsync(RemoteScript script, string what, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(s_fileTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await RunAsync(script, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw CommandErrors.TimedOut(new CommandRequest(what, []) { Timeout = s_fileTimeout });
        }
    }

    /// <summary>
    /// Runs a script in a shell; when it is cancelled, everything in the shell's process group is killed: before the exception
    /// leaves, or, when the script only looks, behind the caller's back, who pressed Ctrl+C and wants to go on.
    /// </summary>
    internal async Task<RemoteReply> RunAsync(RemoteScript script, CancellationToken cancellationToken)
    {
        if (_disposed != 0)
        {
            throw HostErrors.Closed(Id);
        }

        RemoteShell shell;
        try
        {
            shell = await _pool.RentAsync(script.RunsProgram, cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            throw HostErrors.Closed(Id);
        }

        RemoteReply reply;
        try
        {
            reply = await shell.RunAsync(script, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Task ending = EndAsync(shell, script.RunsProgram);
            if (script.OnlyLooks)
            {
                Remember(ending);
            }
            else
            {
                await ending.ConfigureAwait(false);
            }

            throw;
        }
        catch
        {
            await _pool.ReturnAsync(shell, script.RunsProgram, reusable: false).ConfigureAwait(false);
            throw;
        }

        if (script.StopAtLimit && reply.Truncated)
        {
            await EndAsync(shell, script.RunsProgram).ConfigureAwait(false);
        }
        else
        {
            await _pool.ReturnAsync(shell, script.RunsProgram, reusable: true).ConfigureAwait(false);
        }

        return reply;
    }

    /// <summary>Forwards a new local socket to one on the far side; what ssh complained, or null.</summary>
    internal async Task<string?> ForwardAsync(string localSocket, string remoteSocket, CancellationToken cancellationToken)
    {
        var request = new CommandRequest(_client.Program, _client.Forward(localSocket, remoteSocket)) { Timeout = s_killTimeout * 4 };
        CommandResult result = await new LocalCommands(_time).RunAsync(request, cancellationToken).ConfigureAwait(false);
        return File.Exists(localSocket) ? null : result.StandardError;
    }

    /// <summary>The error of a connection that is gone.</summary>
    internal Exception Lost(string complaint) => SshFailure.Lost(Id, _master is { } master ? complaint + master.Noise : complaint);

    /// <summary>
    /// Runs a script in the master's own shell, which lives exactly as long as the connection does, and runs no programs for anybody.
    /// </summary>
    internal async Task<RemoteReply> RunInMasterAsync(RemoteScript script, CancellationToken cancellationToken)
    {
        await _masterFree.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _master is { } master ? await master.RunAsync(script, cancellationToken).ConfigureAwait(false) : throw Lost("");
        }
        finally
        {
            _masterFree.Release();
        }
    }

    private async Task StartMasterAsync(CancellationToken cancellationToken)
    {
        Task<string?> settings = ReadSettingsAsync(cancellationToken);
        _master = await RemoteShell.StartAsync(
            _client.Master, newSession: false, complaint => SshFailure.NotConnected(Host, complaint),
            cancellationToken).ConfigureAwait(false);
        _master.WhenLost(Lost);

        // Killing a group that the shell does not lead could hit the ssh server itself.
        _newSession = !_master.LeadsGroup;
        Id = await settings.ConfigureAwait(false) ?? Id;
    }

    private async Task<string?> ReadSettingsAsync(CancellationToken cancellationToken)
    {
        var request = new CommandRequest(_client.Program, _client.Settings());
        CommandResult result = await new LocalCommands(_time).RunAsync(request, cancellationToken).ConfigureAwait(false);
        Dictionary<string, string> settings = [];
        foreach (string line in result.StandardOutput.Split('\n'))
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space > 0)
            {
                settings.TryAdd(line[..space], line[(space + 1)..]);
            }
        }

        return settings.TryGetValue("user", out string? user) && settings.TryGetValue("hostname", out string? host)
            && settings.TryGetValue("port", out string? port)
            ? Terminal.Text.Show($"{user}@{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}")
            : null;
    }

    /// <summary>
    /// Starts a shell: in the master connection, or in a connection of its own, once the server has refused to open more sessions
    /// (sshd_config(5), MaxSessions). Then each shell costs a connection with its authentication, but all works as with many sessions.
    /// </summary>
    private async Task<RemoteShell> StartShellAsync(CancellationToken cancellationToken)
    {
        if (!_fewSessions)
        {
            bool refused = false;
            Exception LostOrRefused(string complaint)
            {
                refused = SshFailure.IsSessionRefused(complaint);
                return Lost(complaint);
            }

            try
            {
                RemoteShell shell = await RemoteShell.StartAsync(_client.Session, _newSession, LostOrRefused, cancellationToken)
                    .ConfigureAwait(false);
                shell.WhenLost(Lost);
                return shell;
            }
            catch (XenDriverDomainException) when (refused)
            {
                _fewSessions = true;
            }
        }

        try
        {
            RemoteShell alone = await RemoteShell.StartAsync(
                _client.Alone, _newSession, complaint => SshFailure.NotConnected(Host, complaint), cancellationToken).ConfigureAwait(false);
            alone.WhenLost(Lost);
            return alone;
        }
        catch (XenDriverDomainException cause) when (_master is { IsAlive: true })
        {
            throw SshFailure.TooFewSessions(Host, cause);
        }
        catch (XenDriverDomainException cause)
        {
            throw Lost(cause.Message);
        }
    }

    private async Task EndAsync(RemoteShell shell, bool forProgram)
    {
        await KillGroupAsync(shell).ConfigureAwait(false);
        await _pool.ReturnAsync(shell, forProgram, reusable: false).ConfigureAwait(false);
    }

    /// <summary>Remembers what goes on behind the callers' backs, so that the connection's end can wait for it.</summary>
    private void Remember(Task ending)
    {
        lock (_sync)
        {
            _behind = Task.WhenAll(_behind, ending);
        }
    }

    private async Task KillGroupAsync(RemoteShell shell)
    {
        if (_master is not { } master || !shell.LeadsGroup || !master.IsAlive)
        {
            return;
        }

        using var timeout = new CancellationTokenSource(s_killTimeout, _time);
        try
        {
            await RunInMasterAsync(RemoteScript.Of($"kill -KILL -{shell.ProcessGroup}"), timeout.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or XenDriverDomainException)
        {
            Debug.WriteLine($"The group {shell.ProcessGroup} on {Id} could not be killed: {exception.Message}");
        }
    }
}
