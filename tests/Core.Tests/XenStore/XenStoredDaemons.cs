using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Time;
using XenDriverDomain.Simulation.XenStore;
using XenDriverDomain.XenStore;
using XenDriverDomain.XenStore.Client;

namespace XenDriverDomain.Tests.XenStore;

/// <summary>The real servers without a hypervisor, each started when a test first asks for it, and the simulated one.</summary>
public sealed class XenStoredDaemons : IAsyncLifetime
{
    private static readonly TimeSpan s_startTimeout = TimeSpan.FromSeconds(30);

    // Short, because the path of a Unix socket has about a hundred bytes.
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("xdd");
    private readonly ConcurrentDictionary<string, Lazy<Task<Process>>> _running = new();
    private readonly Lazy<Task<string>> _library;
    private readonly SimulatedXenStore _simulated = new(new SimulatedTime(), new NoFaults());

    public XenStoredDaemons() => _library = new(BuildAsync);

    /// <summary>The way to a server.</summary>
    internal async Task<IXenStoreTransport> TransportAsync(string daemon)
    {
        if (daemon == XenStoredInstallation.Simulated)
        {
            return _simulated;
        }

        await _running.GetOrAdd(daemon, name => new Lazy<Task<Process>>(() => StartAsync(name))).Value;
        return new UnixSocketTransport(SocketOf(daemon));
    }

    /// <summary>A client of a server.</summary>
    internal async Task<XenStoreClient> ConnectAsync(string daemon, XenStoreOptions? options = null) =>
        await XenStoreClient.ConnectAsync(await TransportAsync(daemon), TimeProvider.System, options, CancellationToken.None);

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        foreach (Lazy<Task<Process>> start in _running.Values)
        {
            using Process process = await start.Value;
            process.Kill();
            await process.WaitForExitAsync();
        }

        _directory.Delete(recursive: true);
    }

    private string HomeOf(string daemon) => Path.Combine(_directory.FullName, daemon);

    /// <summary>Where a real server listens.</summary>
    public string SocketOf(string daemon) => Path.Combine(HomeOf(daemon), "socket");

    private async Task<string> BuildAsync()
    {
        string library = Path.Combine(_directory.FullName, "no-hypervisor.so");
        using Process gcc = Process.Start(new ProcessStartInfo(
            XenStoredInstallation.Compiler!, ["-O1", "-shared", "-fPIC", "-o", library, XenStoredInstallation.PreloadSource!, "-ldl"]))!;
        await gcc.WaitForExitAsync();
        return gcc.ExitCode == 0 ? library : throw new InvalidOperationException($"gcc failed with {gcc.ExitCode}");
    }

    private async Task<Process> StartAsync(string daemon)
    {
        string home = Directory.CreateDirectory(HomeOf(daemon)).FullName;
        string configuration = Path.Combine(home, "conf");
        await File.WriteAllTextAsync(configuration, $"pid-file = {home}/pid\npersistent = false\nquota-maxsize = 4096\n");
        string[] arguments = daemon == XenStoredInstallation.OCaml
            ? ["--no-fork", "--no-domain-init", "--config-file", configuration]
            : ["--no-fork", "--output-pid"];
        ProcessStartInfo start = new(XenStoredInstallation.PathOf(daemon), arguments)
        {
            WorkingDirectory = home,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LD_PRELOAD"] = await _library.Value;
        start.Environment["XENSTORED_RUNDIR"] = start.Environment["XENSTORED_ROOTDIR"] = home;
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await WaitForSocketAsync(daemon, process);
        return process;
    }

    private async Task WaitForSocketAsync(string daemon, Process process)
    {
        // Neither server tells when it listens, so the only way to know is to try.
        using CancellationTokenSource limit = new(s_startTimeout);
        while (true)
        {
            try
            {
                await using IAsyncDisposable channel = await new UnixSocketTransport(SocketOf(daemon)).OpenAsync(limit.Token);
                return;
            }
            catch (SocketException) when (!process.HasExited)
            {
                await Task.Delay(10, limit.Token);
            }
        }
    }
}
