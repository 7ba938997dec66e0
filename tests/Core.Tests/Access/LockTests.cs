using XenDriverDomain.Access;
using XenDriverDomain.Access.Local;
using XenDriverDomain.Access.Posix;
using XenDriverDomain.Access.Ssh;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Tests.Access;

[Needs("flock")]
public sealed class LocalLockTests : LockContract
{
    protected override string Way => "on dom0 itself";

    private protected override Task<IDom0Lock> SessionAsync() => Task.FromResult<IDom0Lock>(new LocalLock(LockDirectory));

    private protected override IDom0Commands CommandsOf(IDom0Lock session) => new LocalCommands(TimeProvider.System);

    [Fact]
    public async Task It_goes_with_the_session_although_the_process_lives_on()
    {
        LocalLock session = new(LockDirectory);
        IDom0LockHold hold = await TakeAsync(session);

        await session.DisposeAsync();

        await using IDom0LockHold next = await TakeAsync(await SessionAsync());
        await hold.DisposeAsync();
        Assert.NotNull((await (await SessionAsync()).TryTakeAsync(Note(), default)).Owner);
        await Assert.ThrowsAsync<XenDriverDomainException>(() => session.TryTakeAsync(Note(), default).AsTask());
    }
}

[Needs(Needs.Ssh + " flock")]
public sealed class SshLockTests(SshFixture server) : SshLockContract(server), IClassFixture<SshFixture>
{
    [Fact]
    public async Task The_two_ways_lock_each_other_out()
    {
        LocalLock local = new(LockDirectory);
        await using (IDom0LockHold hold = await TakeAsync(local))
        {
            Assert.Equal("on dom0 itself", (await (await SessionAsync()).TryTakeAsync(Note(), default)).Owner!.Way);
        }

        await using (IDom0LockHold hold = await TakeAsync(await SessionAsync()))
        {
            Assert.Equal("over SSH from 127.0.0.1", (await local.TryTakeAsync(Note(), default)).Owner!.Way);
        }
    }

    [Fact]
    public async Task It_goes_when_ssh_is_killed_although_a_program_there_runs_on()
    {
        string fifo = $"{Root}/fifo";
        SshConnection connection = await ConnectAsync();
        await connection.Commands.RunAsync(new CommandRequest("mkfifo", [fifo]), default);
        await TakeAsync(new SshLock(connection, LockDirectory));
        Task<CommandResult> running = connection.Commands.RunAsync(
            new CommandRequest("sh", ["-c", $"echo $$ >{fifo}; exec sleep 1000 </dev/null >/dev/null 2>&1"]), default).AsTask();
        int left = int.Parse(await File.ReadAllTextAsync(fifo));

        // All of it at once, as kill -9 of the whole session does.
        foreach (int process in ProcessesOf(connection.DirectoryPath))
        {
            Libc.Kill(process, 9);
        }

        try
        {
            await using IDom0LockHold next = await WaitAsync(await SessionAsync());
            Assert.True(System.IO.Directory.Exists($"/proc/{left}"));
            await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
        finally
        {
            Libc.Kill(left, 9);
        }
    }

    [Fact]
    public async Task It_goes_with_the_connection()
    {
        SshConnection connection = await ConnectAsync();
        await TakeAsync(new SshLock(connection, LockDirectory));

        await connection.DisposeAsync();

        await using IDom0LockHold next = await WaitAsync(await SessionAsync());
    }

    [Fact]
    public async Task A_lock_whose_connection_is_gone_is_let_go_of_without_an_error()
    {
        SshConnection connection = await ConnectAsync();
        IDom0LockHold hold = await TakeAsync(new SshLock(connection, LockDirectory));
        await connection.DisposeAsync();

        await hold.TellAsync(Note());
        await hold.DisposeAsync();
    }

    private static IEnumerable<int> ProcessesOf(string directory)
    {
        foreach (string path in System.IO.Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(path), out int process) && process != Environment.ProcessId
                && CommandLine(path).Contains(directory, StringComparison.Ordinal))
            {
                yield return process;
            }
        }

        static string CommandLine(string path)
        {
            try
            {
                return File.ReadAllText($"{path}/cmdline");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return "";
            }
        }
    }
}

[Needs(Needs.Ssh + " busybox flock")]
public sealed class BusyboxLockTests(BusyboxFixture server) : SshLockContract(server), IClassFixture<BusyboxFixture>;

[Needs(Needs.Ssh)]
public sealed class NoFlockTests(NoFlockTests.Bare server) : IClassFixture<NoFlockTests.Bare>
{
    [Fact]
    public async Task A_host_without_flock_is_an_obstacle_and_says_so()
    {
        LockAttempt attempt = await server.Connection.Lock.TryTakeAsync(new LockNote("x", "y", default), default);

        Assert.Equal((null, null, false), (attempt.Hold, attempt.Owner, attempt.IsForbidden));
        Assert.Contains("flock", attempt.Obstacle, StringComparison.Ordinal);
    }

    /// <summary>A server whose sessions find nothing but a shell.</summary>
    public sealed class Bare : SshFixture
    {
        private string? _programs;

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            if (_programs is not null)
            {
                Directory.Delete(_programs, recursive: true);
            }
        }

        protected override string[] Settings()
        {
            _programs = Directory.CreateTempSubdirectory("xdd-bare-").FullName;
            foreach (string program in new[] { "sh", "setsid" })
            {
                File.CreateSymbolicLink($"{_programs}/{program}", Needs.Find(program));
            }

            return [$"SetEnv PATH={_programs}"];
        }
    }
}

/// <summary>What the shells of two kinds have in common; each session is a connection of its own.</summary>
public abstract class SshLockContract(SshFixture server) : LockContract
{
    private readonly List<SshConnection> _connections = [];
    private readonly Dictionary<IDom0Lock, SshConnection> _ways = [];

    protected override string Way => "over SSH from 127.0.0.1";

    public override async ValueTask DisposeAsync()
    {
        foreach (SshConnection connection in _connections)
        {
            await connection.DisposeAsync();
        }

        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected override async Task<IDom0Lock> SessionAsync()
    {
        SshConnection connection = await ConnectAsync();
        SshLock session = new(connection, LockDirectory);
        _ways[session] = connection;
        return session;
    }

    private protected override IDom0Commands CommandsOf(IDom0Lock session) => _ways[session].Commands;

    private protected async Task<SshConnection> ConnectAsync()
    {
        SshConnection connection = await SshConnection.ConnectAsync(server.Options, TimeProvider.System, default);
        _connections.Add(connection);
        return connection;
    }
}
