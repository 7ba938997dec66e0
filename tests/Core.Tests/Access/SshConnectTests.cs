using System.Net;
using System.Net.Sockets;
using XenDriverDomain.Access;
using XenDriverDomain.Access.Ssh;
using XenDriverDomain.Errors;
using XenDriverDomain.Tests.Support;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Tests.Access;

public sealed class SshConnectTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    [Needs(Needs.Ssh)]
    public async Task The_id_names_user_host_and_port()
    {
        using TestSshServer server = await TestSshServer.StartAsync();
        await using SshConnection connection = await ConnectAsync(server.Options);

        Assert.Equal($"{Environment.UserName}@127.0.0.1:{server.Port}", connection.Id);
    }

    [Fact]
    [Needs(Needs.Ssh)]
    public async Task A_host_that_is_not_known_is_refused()
    {
        using TestSshServer server = await TestSshServer.StartAsync();

        XenDriverDomainException error = await FailureAsync(With(server.Options, "UserKnownHostsFile", "/dev/null"));

        Assert.Equal(ErrorIds.SshHostKeyRejected, error.ErrorId);
    }

    [Fact]
    [Needs(Needs.Ssh)]
    public async Task A_host_whose_key_changed_is_refused()
    {
        using TestSshServer server = await TestSshServer.StartAsync();
        string other = string.Join(' ', File.ReadAllText($"{server.DirectoryPath}/stranger.pub").Split(' ')[..2]);
        File.WriteAllText($"{server.DirectoryPath}/known", $"[127.0.0.1]:{server.Port} {other}\n");

        XenDriverDomainException error = await FailureAsync(server.Options);

        Assert.Equal(ErrorIds.SshHostKeyRejected, error.ErrorId);
    }

    [Fact]
    [Needs(Needs.Ssh)]
    public async Task A_key_that_the_host_does_not_know_is_refused_without_asking()
    {
        using TestSshServer server = await TestSshServer.StartAsync();

        XenDriverDomainException error = await FailureAsync(server.Options with { KeyFilePath = $"{server.DirectoryPath}/stranger" });

        Assert.Equal(ErrorIds.SshAuthenticationFailed, error.ErrorId);
    }

    [Fact]
    [Needs(Needs.Ssh)]
    public async Task Nobody_listening_is_a_failed_connection_that_says_so()
    {
        XenDriverDomainException error = await FailureAsync(new SshOptions { HostName = "127.0.0.1", Port = TestSshServer.FreePort() });

        Assert.Equal(ErrorIds.ConnectionFailed, error.ErrorId);
        Assert.Contains("Connection refused", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Needs(Needs.Ssh)]
    public async Task A_host_that_says_nothing_is_given_up()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();

        XenDriverDomainException error = await FailureAsync(new SshOptions
        {
            HostName = "127.0.0.1",
            Port = ((IPEndPoint)silent.LocalEndpoint).Port,
            ConnectTimeout = TimeSpan.FromSeconds(1),
        });

        Assert.Equal(ErrorIds.ConnectionFailed, error.ErrorId);
    }

    [Fact]
    [Needs(Needs.Ssh)]
    public async Task Connecting_can_be_cancelled()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var cancellation = new CancellationTokenSource();
        var options = new SshOptions { HostName = "127.0.0.1", Port = ((IPEndPoint)silent.LocalEndpoint).Port };
        Task connecting = SshConnection.ConnectAsync(options, TimeProvider.System, cancellation.Token);
        using Socket accepted = await silent.AcceptSocketAsync();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.WaitAsync(s_patience));

        // ssh is gone too: its end of the socket is closed.
        byte[] greeting = new byte[1024];
        while (await accepted.ReceiveAsync(greeting).WaitAsync(s_patience) > 0)
        {
        }
    }

    [Fact]
    public async Task A_machine_without_ssh_is_told_what_to_install()
    {
        var error = await Assert.ThrowsAsync<XenDriverDomainException>(
            () => SshConnection.ConnectAsync(new SshOptions { HostName = "host" }, TimeProvider.System, "/nowhere", default));

        Assert.Equal(ErrorIds.SshNotInstalled, error.ErrorId);
    }

    [Fact]
    [Needs(Needs.Ssh)]
    public async Task A_connection_lost_in_the_middle_is_an_error_and_no_hang()
    {
        using TestSshServer server = await TestSshServer.StartAsync();
        await using SshConnection connection = await ConnectAsync(server.Options);
        CommandResult before = await connection.Commands.RunAsync(new CommandRequest("echo", ["up"]), default);
        Task<CommandResult> running = connection.Commands.RunAsync(new CommandRequest("sleep", ["1000"]), default).AsTask();

        server.Kill();

        Assert.Equal("up\n", before.StandardOutput);
        var error = await Assert.ThrowsAsync<XenDriverDomainException>(() => running.WaitAsync(s_patience));
        Assert.Equal(ErrorIds.ConnectionLost, error.ErrorId);
        error = await Assert.ThrowsAsync<XenDriverDomainException>(
            () => connection.Files.ReadAsync("/proc/version", 1000, default).AsTask().WaitAsync(s_patience));
        Assert.Equal(ErrorIds.ConnectionLost, error.ErrorId);
    }

    [Fact]
    [Needs(Needs.Ssh)]
    public async Task A_cancelled_look_does_not_wait_for_a_busy_host()
    {
        using TestSshServer server = await TestSshServer.StartAsync();

        // No limit of the connection's own ever strikes on this clock.
        await using SshConnection connection = await SshConnection.ConnectAsync(server.Options, new ManualTimeProvider(), default)
            .WaitAsync(s_patience);
        string started = $"{server.DirectoryPath}/started";
        await connection.Commands.RunAsync(new CommandRequest("mkfifo", [started]), default);
        using var cancellation = new CancellationTokenSource();
        Task<CommandResult> look = connection.Commands.RunAsync(
            new CommandRequest("sh", ["-c", $"echo >{started}; sleep 1000"]) { OnlyLooks = true }, cancellation.Token).AsTask();
        await File.ReadAllTextAsync(started).WaitAsync(s_patience);
        server.Suspend(true);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => look.WaitAsync(s_patience));
        server.Suspend(false);
    }

    [Theory]
    [Needs(Needs.Ssh)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_server_that_opens_few_sessions_in_a_connection_does_all_the_same(int sessions)
    {
        using TestSshServer server = await TestSshServer.StartAsync($"MaxSessions {sessions}");
        await using SshConnection connection = await ConnectAsync(server.Options);

        // More at once than there are sessions; each of them tells which shell it has.
        string started = $"{server.DirectoryPath}/started";
        await connection.Commands.RunAsync(new CommandRequest("mkfifo", [started]), default);
        using var cancellation = new CancellationTokenSource();
        Task<CommandResult> endless = connection.Commands.RunAsync(
            new CommandRequest("sh", ["-c", $"echo $$ >{started}; sleep 1000"]), cancellation.Token).AsTask();
        int program = int.Parse(await File.ReadAllTextAsync(started).WaitAsync(s_patience));
        CommandResult[] results = await Task.WhenAll(Enumerable.Range(0, 3).Select(number =>
            connection.Commands.RunAsync(new CommandRequest("echo", [$"{number}"]), default).AsTask())).WaitAsync(s_patience);
        BulkQuery query = new(["/proc/version"], [], []);
        BulkAnswer read = await connection.Files.ReadManyAsync(query, default).AsTask().WaitAsync(s_patience);
        await cancellation.CancelAsync();

        Assert.Equal(["0\n", "1\n", "2\n"], results.Select(result => result.StandardOutput));
        Assert.Equal(File.ReadAllText("/proc/version").Trim(), read.Files["/proc/version"]);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => endless.WaitAsync(s_patience));
        await Gone(program);
    }

    [Fact]
    [Needs(Needs.Ssh)]
    public async Task A_server_that_opens_few_sessions_forwards_its_xenstored_as_any_other()
    {
        using TestSshServer server = await TestSshServer.StartAsync("MaxSessions 1");
        await using SshConnection connection = await ConnectAsync(server.Options);
        string remote = $"{server.DirectoryPath}/xenstored";
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(remote));
        listener.Listen();
        using SshXenStoreTransport transport = new(connection, [remote], [], new CommandRequest("false", []));

        await using IXenStoreChannel channel = await transport.OpenAsync(default).AsTask().WaitAsync(s_patience);

        using Socket accepted = await listener.AcceptAsync().WaitAsync(s_patience);
        Assert.True(accepted.Connected);
    }

    [Fact]
    [Needs(Needs.Ssh)]
    public async Task A_server_that_opens_no_session_is_named_with_the_setting()
    {
        using TestSshServer server = await TestSshServer.StartAsync("MaxSessions 0");

        XenDriverDomainException error = await FailureAsync(server.Options);

        Assert.Equal(ErrorIds.ConnectionFailed, error.ErrorId);
        Assert.Contains("MaxSessions 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Needs(Needs.Ssh + " bash")]
    public async Task Too_few_sessions_and_no_second_connection_is_named_with_the_setting()
    {
        using TestSshServer server = await TestSshServer.StartAsync("MaxSessions 1");
        string script = $"{server.DirectoryPath}/once";
        File.WriteAllText(script, $"mkdir {script}.done || exit 1; exec 3<>/dev/tcp/127.0.0.1/{server.Port}; cat <&3 & exec cat >&3\n");
        await using SshConnection connection = await ConnectAsync(With(server.Options, "ProxyCommand", $"bash {script}"));

        var error = await Assert.ThrowsAsync<XenDriverDomainException>(
            () => connection.Commands.RunAsync(new CommandRequest("true", []), default).AsTask().WaitAsync(s_patience));

        Assert.Equal(ErrorIds.ConnectionFailed, error.ErrorId);
        Assert.Contains("MaxSessions", error.Message, StringComparison.Ordinal);
        Assert.Contains("MaxSessions 10", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    [Needs(Needs.Ssh)]
    public async Task Disposing_ends_ssh_and_leaves_no_directory()
    {
        using TestSshServer server = await TestSshServer.StartAsync();
        SshConnection connection = await ConnectAsync(server.Options);
        string directory = connection.DirectoryPath;
        string shell = (await connection.Commands.RunAsync(new CommandRequest("sh", ["-c", "echo $PPID"]), default)).StandardOutput.Trim();

        await connection.DisposeAsync();

        Assert.False(Directory.Exists(directory));
        await Gone(int.Parse(shell));
    }

    [Theory]
    [InlineData("-oProxyCommand=id")]
    [InlineData("host name")]
    [InlineData("host;id")]
    [InlineData("")]
    public async Task Host_names_that_could_be_something_else_are_refused(string host) =>
        Assert.Equal(ErrorIds.SshOptionInvalid, (await FailureAsync(new SshOptions { HostName = host })).ErrorId);

    [Theory]
    [InlineData("ControlPath", "/tmp/x")]
    [InlineData("batchmode", "no")]
    [InlineData("A B", "x")]
    [InlineData("User", "root\nProxyCommand id")]
    public async Task Options_that_could_change_the_connection_are_refused(string name, string value)
    {
        var options = new SshOptions { HostName = "host", Options = new Dictionary<string, string> { [name] = value } };

        Assert.Equal(ErrorIds.SshOptionInvalid, (await FailureAsync(options)).ErrorId);
    }

    private static SshOptions With(SshOptions options, string name, string value) =>
        options with { Options = new Dictionary<string, string>(options.Options) { [name] = value } };

    private static Task<SshConnection> ConnectAsync(SshOptions options) =>
        SshConnection.ConnectAsync(options, TimeProvider.System, default).WaitAsync(s_patience);

    private static async Task<XenDriverDomainException> FailureAsync(SshOptions options)
    {
        var error = await Assert.ThrowsAsync<XenDriverDomainException>(() => ConnectAsync(options));
        Assert.NotEmpty(error.Remedy);
        return error;
    }

    private static async Task Gone(int process)
    {
        try
        {
            await System.Diagnostics.Process.GetProcessById(process).WaitForExitAsync().WaitAsync(s_patience);
        }
        catch (ArgumentException)
        {
            // It is gone already.
        }
    }
}
