using System.Diagnostics;

namespace XenDriverDomain.Access.Ssh;

/// <summary>The ssh program of this machine, with what every call of it has in common.</summary>
/// <param name="program">Its absolute path.</param>
/// <param name="setsid">The path of setsid, without which Ctrl+C on the terminal would end the connection; null when there is none.</param>
/// <param name="options">The host and the way to it.</param>
/// <param name="controlPath">The master's socket.</param>
internal sealed class SshClient(string program, string? setsid, SshOptions options, string controlPath)
{
    public string Program => program;

    public string Host => options.HostName;

    public ProcessStartInfo Master(string command) => Describe(SshArguments.Master(options, controlPath, command));

    public ProcessStartInfo Session(string command) => Describe(SshArguments.Session(controlPath, command));

    public ProcessStartInfo Alone(string command) => Describe(SshArguments.Alone(options, command));

    public List<string> Settings() => SshArguments.Settings(options, controlPath);

    public List<string> Forward(string localSocket, string remoteSocket) =>
        SshArguments.Forward(controlPath, localSocket, remoteSocket);

    private ProcessStartInfo Describe(List<string> arguments)
    {
        var start = new ProcessStartInfo(setsid ?? program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        if (setsid is not null)
        {
            start.ArgumentList.Add(program);
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // ssh's complaints are read by SshFailure.
        start.Environment["LC_ALL"] = "C";
        return start;
    }
}
