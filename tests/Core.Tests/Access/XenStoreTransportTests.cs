using System.Diagnostics;
using System.Net.Sockets;
using XenDriverDomain.Access;
using XenDriverDomain.Access.Local;
using XenDriverDomain.Access.Ssh;
using XenDriverDomain.Errors;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Tests.Access;

public sealed class XenStoreTransportTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly string _root = Directory.CreateTempSubdirectory("xdd-xs-").FullName;

    private string SocketPath => $"{_root}/socket";

    private string DevicePath => $"{_root}/device";

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_socket_carries_messages_both_ways_and_shows_its_end()
    {
        using Socket server = Listen();
        await using IXenStoreChannel channel = await Local().OpenAsync(default);

        await ExchangeAsync(server, channel);
    }

    [Fact]
    public async Task A_client_waits_for_its_turn_and_no_longer_than_it_is_let()
    {
        using Socket server = Bind();
        server.Listen(1);
        List<Socket> before = [];
        try
        {
            while (TryConnect() is { } early)
            {
                before.Add(early);
            }

            using CancellationTokenSource end = new();
            Task<IXenStoreChannel> given = Local().OpenAsync(end.Token).AsTask();
            Task<IXenStoreChannel> waiting = Local().OpenAsync(default).AsTask();
            await end.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given.WaitAsync(s_patience));
            Assert.False(waiting.IsCompleted);
            foreach (Socket early in before)
            {
                (await server.AcceptAsync()).Dispose();
            }

            await using IXenStoreChannel channel = await waiting.WaitAsync(s_patience);
            await ExchangeAsync(server, channel);
        }
        finally
        {
            before.ForEach(early => early.Dispose());
        }
    }

    [Fact]
    public async Task The_device_takes_a_message_and_gives_the_answer_back()
    {
        // A FIFO opened for both directions gives back what was written to it.
        MakeDevice();
        await using IXenStoreChannel channel = await Local().OpenAsync(default);
        byte[] buffer = new byte[4096];

        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await channel.ReceiveAsync(buffer, impatient.Token));
        await channel.SendAsync("message"u8.ToArray(), default);

        Assert.Equal(3, await channel.ReceiveAsync(buffer.AsMemory(0, 3), default).AsTask().WaitAsync(s_patience));
        Assert.Equal(4, await channel.ReceiveAsync(buffer.AsMemory(3), default).AsTask().WaitAsync(s_patience));
        Assert.Equal("message"u8.ToArray(), buffer[..7]);
    }

    [Fact]
    public async Task Disposing_of_a_device_ends_a_wait_for_it()
    {
        MakeDevice();
        IXenStoreChannel channel = await Local().OpenAsync(default);
        Task<int> waiting = channel.ReceiveAsync(new byte[10], default).AsTask();

        await channel.DisposeAsync();

        Assert.Equal(0, await waiting.WaitAsync(s_patience));
    }

    [Fact]
    public async Task The_device_is_used_when_nobody_listens_at_the_socket()
    {
        using Socket deaf = Bind();
        MakeDevice();

        await using IXenStoreChannel channel = await Local().OpenAsync(default);

        await channel.SendAsync("x"u8.ToArray(), default);
        Assert.Equal(1, await channel.ReceiveAsync(new byte[10], default).AsTask().WaitAsync(s_patience));
    }

    [Fact]
    public async Task Missing_and_deaf_xenstored_are_told_apart()
    {
        XenDriverDomainException missing = await FailureAsync(Local());
        using Socket bound = Bind();
        XenDriverDomainException deaf = await FailureAsync(Local());

        Assert.Equal((ErrorIds.XenStoreUnavailable, ErrorKind.NotInstalled), (missing.ErrorId, missing.Kind));
        Assert.Equal((ErrorIds.XenStoreUnavailable, ErrorKind.InvalidState), (deaf.ErrorId, deaf.Kind));
    }

    [Fact]
    public void The_environment_names_the_socket_first()
    {
        Assert.Equal(
            ["/a/path", "/b/socket", "/run/xenstored/socket", "/var/run/xenstored/socket"],
            LocalXenStoreTransport.Sockets(name => name == "XENSTORED_PATH" ? "/a/path" : "/b/"));
        Assert.Equal(["/run/xenstored/socket", "/var/run/xenstored/socket"], LocalXenStoreTransport.Sockets(_ => null));
    }

    [Fact]
    [Needs(Needs.Ssh)]
    public async Task A_socket_is_reached_over_ssh_by_several_connections()
    {
        await WithSshAsync(async transport =>
        {
            using Socket server = Listen();
            for (int i = 0; i < 2; i++)
            {
                await using IXenStoreChannel channel = await transport.OpenAsync(default);
                await ExchangeAsync(server, channel);
            }
        });
    }

    [Fact]
    [Needs(Needs.Ssh)]
    public async Task Over_ssh_a_device_alone_is_a_stub_domain_when_it_answers_and_no_xenstored_when_not()
    {
        File.WriteAllText(DevicePath, "");
        await WithSshAsync(
            async transport => Assert.Equal(ErrorIds.XenStoreInStubDomain, (await FailureAsync(transport)).ErrorId),
            new CommandRequest("true", []));
        foreach (CommandRequest asker in (CommandRequest[])
            [new("false", []), new("no-such-program", []), new("sleep", ["1000"]) { Timeout = TimeSpan.FromSeconds(1) }])
        {
            await WithSshAsync(
                async transport => Assert.Equal(ErrorIds.XenStoreUnavailable, (await FailureAsync(transport)).ErrorId), asker);
        }

        File.Delete(DevicePath);
        await WithSshAsync(
            async transport => Assert.Equal(ErrorIds.XenStoreUnavailable, (await FailureAsync(transport)).ErrorId),
            new CommandRequest("true", []));
    }

    [Fact]
    [Needs(Needs.Ssh)]
    public async Task Over_ssh_a_socket_at_which_nobody_listens_is_told_at_the_first_answer()
    {
        await WithSshAsync(async transport =>
        {
            using Socket deaf = Bind();
            await using IXenStoreChannel channel = await transport.OpenAsync(default);

            var error = await Assert.ThrowsAsync<XenDriverDomainException>(
                () => channel.ReceiveAsync(new byte[10], default).AsTask().WaitAsync(s_patience));

            Assert.Equal(ErrorIds.XenStoreUnavailable, error.ErrorId);
        });
    }

    private static async Task ExchangeAsync(Socket server, IXenStoreChannel channel)
    {
        using Socket peer = await server.AcceptAsync().WaitAsync(s_patience);
        byte[] buffer = new byte[100];
        await channel.SendAsync("question"u8.ToArray(), default);
        int count = await peer.ReceiveAsync(buffer).WaitAsync(s_patience);
        Assert.Equal("question"u8.ToArray(), buffer[..count]);

        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await channel.ReceiveAsync(buffer, impatient.Token));
        await peer.SendAsync("answer"u8.ToArray());
        count = await channel.ReceiveAsync(buffer, default).AsTask().WaitAsync(s_patience);
        Assert.Equal("answer"u8.ToArray(), buffer[..count]);

        peer.Close();
        Assert.Equal(0, await channel.ReceiveAsync(buffer, default).AsTask().WaitAsync(s_patience));
    }

    private static async Task<XenDriverDomainException> FailureAsync(IXenStoreTransport transport) =>
        await Assert.ThrowsAsync<XenDriverDomainException>(async () => await transport.OpenAsync(default));

    private async Task WithSshAsync(Func<IXenStoreTransport, Task> test, CommandRequest? asker = null)
    {
        using TestSshServer server = await TestSshServer.StartAsync();
        await using SshConnection connection = await SshConnection.ConnectAsync(server.Options, TimeProvider.System, default);
        using var transport = new SshXenStoreTransport(
            connection, [$"{_root}/elsewhere", SocketPath], [DevicePath], asker ?? new CommandRequest("false", []));
        await test(transport);
    }

    private LocalXenStoreTransport Local() => new([SocketPath], [DevicePath]);

    private Socket Listen()
    {
        Socket server = Bind();
        server.Listen();
        return server;
    }

    private Socket Bind()
    {
        var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        server.Bind(new UnixDomainSocketEndPoint(SocketPath));
        return server;
    }

    // Null when no more may wait.
    private Socket? TryConnect()
    {
        Socket early = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            early.Connect(new UnixDomainSocketEndPoint(SocketPath));
            return early;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
        {
            early.Dispose();
            return null;
        }
    }

    private void MakeDevice()
    {
        using Process process = Process.Start("mkfifo", [DevicePath]);
        process.WaitForExit();
    }
}
