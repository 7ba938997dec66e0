using System.Diagnostics;
using XenDriverDomain.Access.Ssh;

namespace XenDriverDomain.Tests.Access;

/// <summary>What a process leaves that had a connection and did not close it: another process, that can be killed.</summary>
public sealed class SshLeftoverTests : IDisposable
{
    private const string Programs = Needs.Ssh + " pwsh";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);
    private readonly List<Process> _users = [];

    public void Dispose()
    {
        foreach (Process user in _users)
        {
            user.Kill(entireProcessTree: true);
            user.Dispose();
        }
    }

    [Fact]
    [Needs(Programs)]
    public async Task A_process_that_just_ends_leaves_nothing()
    {
        using TestSshServer server = await TestSshServer.StartAsync();
        Process user = Start(server, "");
        (_, string directory) = await ReadAsync(user);

        await user.StandardInput.WriteLineAsync("end");

        await user.WaitForExitAsync().WaitAsync(s_patience);
        Assert.False(Directory.Exists(directory));
        await NobodyNames(directory);
    }

    [Fact]
    [Needs(Programs)]
    public async Task A_process_that_is_killed_leaves_a_directory_that_the_next_connection_takes_away_and_nothing_that_runs()
    {
        using TestSshServer server = await TestSshServer.StartAsync();
        Process user = Start(server, "");
        (Process real, string directory) = await ReadAsync(user);
        Assert.NotEmpty(Naming(directory));
        Assert.NotEmpty(Shells(server));
        using (PrivateDirectory another = PrivateDirectory.Create())
        {
            Assert.True(Directory.Exists(directory), "it has an owner");
        }

        real.Kill();

        await NobodyNames(directory);
        await NoneOf(() => Shells(server));
        using PrivateDirectory next = PrivateDirectory.Create();
        Assert.False(Directory.Exists(directory));
    }

    [Fact]
    [Needs(Programs)]
    public async Task A_look_ends_when_its_process_is_killed_and_a_change_goes_on_to_its_end()
    {
        using TestSshServer server = await TestSshServer.StartAsync();
        string look = $"{server.DirectoryPath}/look", change = $"{server.DirectoryPath}/change", gate = $"{server.DirectoryPath}/gate";
        foreach (string pipe in (string[])[look, change, gate])
        {
            using Process make = Process.Start(Needs.Find("mkfifo"), pipe);
            await make.WaitForExitAsync();
        }

        Process user = Start(
            server,
            $$"""
            $looks = New-Request sh '-c', 'echo $$ >{{look}}; sleep 1000'
            $looks.GetType().GetProperty('OnlyLooks').SetValue($looks, $true)
            $one = $connection.Commands.RunAsync($looks, [Threading.CancellationToken]::None)
            $changes = 'echo $$ >{{change}}; read x <{{gate}}; echo $x >{{gate}}.done'
            $two = $connection.Commands.RunAsync((New-Request sh '-c', $changes), [Threading.CancellationToken]::None)
            """);
        int looking = int.Parse(await File.ReadAllTextAsync(look).WaitAsync(s_patience));
        int changing = int.Parse(await File.ReadAllTextAsync(change).WaitAsync(s_patience));
        (Process real, string directory) = await ReadAsync(user);

        real.Kill();

        await Gone(looking);
        await File.WriteAllTextAsync(gate, "all\n").WaitAsync(s_patience);
        await Gone(changing);
        Assert.Equal("all\n", await File.ReadAllTextAsync($"{gate}.done"));
        await NobodyNames(directory);
        await NoneOf(() => Shells(server));
    }

    // A process with a connection, which says where the connection's directory is, and ends when it is given a line.
    private Process Start(TestSshServer server, string script)
    {
        SshOptions options = server.Options;
        var start = new ProcessStartInfo(Needs.Find("pwsh"), ["-NoProfile", "-NonInteractive", "-Command",
            $$"""
            $ErrorActionPreference = 'Stop'
            Add-Type -Path '{{typeof(SshConnection).Assembly.Location}}'
            $more = [Collections.Generic.Dictionary[string, string]]::new()
            {{string.Join('\n', options.Options.Select(one => $"$more['{one.Key}'] = '{one.Value}'"))}}
            $options = [XenDriverDomain.Access.Ssh.SshOptions]@{
                HostName = '{{options.HostName}}'; Port = {{options.Port}}; UserName = '{{options.UserName}}'
                KeyFilePath = '{{options.KeyFilePath}}'; Options = $more
            }
            $never = [Threading.CancellationToken]::None
            $core = $options.GetType().Assembly
            function New-Request([string] $Program, [string[]] $Arguments) {
                [Activator]::CreateInstance($core.GetType('XenDriverDomain.Access.CommandRequest'), [object[]]@($Program, $Arguments))
            }
            $connections = $core.GetType('XenDriverDomain.Access.Ssh.SshConnection')
            $connection = $connections::ConnectAsync($options, [TimeProvider]::System, $never).GetAwaiter().GetResult()
            $request = New-Request true @()
            $null = $connection.Commands.RunAsync($request, $never).AsTask().GetAwaiter().GetResult()
            {{script}}
            $PID
            $connection.GetType().GetProperty('DirectoryPath', [Reflection.BindingFlags]'Instance, NonPublic').GetValue($connection)
            $null = [Console]::ReadLine()
            """])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Process user = Process.Start(start)!;
        _users.Add(user);
        return user;
    }

    private static async Task<(Process Real, string Directory)> ReadAsync(Process user)
    {
        // What is called pwsh may be a program that starts the real one.
        Process real = Process.GetProcessById(int.Parse((await user.StandardOutput.ReadLineAsync().WaitAsync(s_patience))!));
        string? line = await user.StandardOutput.ReadLineAsync().WaitAsync(s_patience);
        Assert.True(Directory.Exists(line), line);
        return (real, line);
    }

    /// <summary>The processes whose command line names a directory: ssh, with its control socket.</summary>
    private static List<int> Naming(string directory) =>
        Processes(id => File.ReadAllText($"/proc/{id}/cmdline").Contains(directory, StringComparison.Ordinal));

    /// <summary>The processes that the server started for its connections.</summary>
    private static List<int> Shells(TestSshServer server) => Processes(id =>
        File.ReadAllText($"/proc/{id}/environ").Split('\0').Contains($"HOME={server.DirectoryPath}"));

    private static List<int> Processes(Func<int, bool> wanted)
    {
        List<int> found = [];
        foreach (string path in Directory.GetDirectories("/proc"))
        {
            try
            {
                if (int.TryParse(Path.GetFileName(path), out int id) && wanted(id))
                {
                    found.Add(id);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It has ended, or is another user's.
            }
        }

        return found;
    }

    private static Task NobodyNames(string directory) => NoneOf(() => Naming(directory));

    private static async Task NoneOf(Func<List<int>> find)
    {
        foreach (int id in find())
        {
            await Gone(id);
        }

        Assert.Empty(find());
    }

    private static async Task Gone(int id)
    {
        try
        {
            await Process.GetProcessById(id).WaitForExitAsync().WaitAsync(s_patience);
        }
        catch (ArgumentException)
        {
            // It is gone already.
        }
    }
}
