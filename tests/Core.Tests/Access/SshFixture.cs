using System.Diagnostics;
using XenDriverDomain.Access.Ssh;

namespace XenDriverDomain.Tests.Access;

/// <summary>A server and one connection to it, shared by the tests of a class.</summary>
public class SshFixture : IAsyncLifetime
{
    private TestSshServer? _server;

    internal SshConnection Connection { get; private set; } = null!;

    /// <summary>How to make another connection.</summary>
    public SshOptions Options => _server!.Options;

    protected virtual string Programs => Needs.Ssh;

    public async ValueTask InitializeAsync()
    {
        if (Needs.WhatIsMissing(Programs) is null)
        {
            _server = await TestSshServer.StartAsync(Settings());
            Connection = await SshConnection.ConnectAsync(_server.Options, TimeProvider.System, CancellationToken.None);
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (Connection is not null)
        {
            await Connection.DisposeAsync();
        }

        _server?.Dispose();
        GC.SuppressFinalize(this);
    }

    protected virtual string[] Settings() => [];
}
