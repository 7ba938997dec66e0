using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using XenDriverDomain.Access.Posix;
using XenDriverDomain.Access.Ssh;

namespace XenDriverDomain.Tests.Access;

/// <summary>A real sshd on a port of its own, with keys of its own, for the user who runs the tests.</summary>
public sealed class TestSshServer : IDisposable
{
    private readonly Process _sshd;

    private TestSshServer(string directory, int port, Process sshd)
    {
        DirectoryPath = directory;
        Port = port;
        _sshd = sshd;
    }

    public string DirectoryPath { get; }

    public int Port { get; }

    public int ProcessId => _sshd.Id;

    public SshOptions Options => new()
    {
        HostName = "127.0.0.1",
        Port = Port,
        UserName = Environment.UserName,
        KeyFilePath = $"{DirectoryPath}/user",
        Options = new Dictionary<string, string>
        {
            ["UserKnownHostsFile"] = $"{DirectoryPath}/known",
            ["GlobalKnownHostsFile"] = "/dev/null",
        },
    };

    public static async Task<TestSshServer> StartAsync(params string[] moreSettings)
    {
        string directory = Directory.CreateTempSubdirectory("xdd-sshd-").FullName;
        MakeKey($"{directory}/host");
        MakeKey($"{directory}/user");
        MakeKey($"{directory}/stranger");
        File.Copy($"{directory}/user.pub", $"{directory}/authorized");
        int port = FreePort();
        string hostKey = string.Join(' ', File.ReadAllText($"{directory}/host.pub").Split(' ')[..2]);
        File.WriteAllText($"{directory}/known", $"[127.0.0.1]:{port} {hostKey}\n");

        // sshd takes the first line of a kind only. What a developer's own start-up files do is no part of the test, and may hang when
        // a test ends a session.
        const string SetEnv = "SetEnv ";
        IEnumerable<string> environment = moreSettings.Where(setting => setting.StartsWith(SetEnv, StringComparison.Ordinal))
            .Select(setting => setting[SetEnv.Length..]).Prepend($"HOME={directory}");
        File.WriteAllLines(
            $"{directory}/config",
            [
                $"Port {port}", "ListenAddress 127.0.0.1", $"HostKey {directory}/host", $"AuthorizedKeysFile {directory}/authorized",
                "PidFile none", "StrictModes no", "UsePAM no", "PermitRootLogin yes", "PasswordAuthentication no",
                "KbdInteractiveAuthentication no", "LogLevel INFO",
                $"SetEnv {string.Join(' ', environment)}",
                .. moreSettings.Where(setting => !setting.StartsWith(SetEnv, StringComparison.Ordinal)),
            ]);
        if (Environment.UserName == "root")
        {
            // sshd's own start script makes it.
            Directory.CreateDirectory("/run/sshd");
        }

        var start = new ProcessStartInfo(Needs.Find("sshd"), ["-D", "-e", "-f", $"{directory}/config"]) { RedirectStandardError = true };
        Process sshd = Process.Start(start)!;
        string? line = "";
        while (!line.Contains("listening on", StringComparison.Ordinal))
        {
            line = await sshd.StandardError.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20))
                ?? throw new InvalidOperationException("sshd ended");
        }

        _ = sshd.StandardError.ReadToEndAsync();
        return new TestSshServer(directory, port, sshd);
    }

    /// <summary>A TCP port on which nothing listens.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Ends the server and every connection to it, as a host that loses its power does.</summary>
    public void Kill()
    {
        _sshd.Kill(entireProcessTree: true);
        _sshd.WaitForExit();
    }

    /// <summary>Stops the programs that serve the connections, as a host that is too busy to answer; or lets them go on.</summary>
    public void Suspend(bool suspended)
    {
        const int SigCont = 18;
        const int SigStop = 19;
        string children = File.ReadAllText($"/proc/{_sshd.Id}/task/{_sshd.Id}/children");
        foreach (string child in children.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            Libc.Kill(int.Parse(child), suspended ? SigStop : SigCont);
        }
    }

    public void Dispose()
    {
        Kill();
        _sshd.Dispose();
        Directory.Delete(DirectoryPath, recursive: true);
    }

    private static void MakeKey(string path)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(Needs.Find("ssh-keygen"), ["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", path]))!;
        process.WaitForExit();
    }
}
