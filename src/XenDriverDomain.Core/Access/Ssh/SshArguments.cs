using System.Globalization;
using XenDriverDomain.Errors;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Access.Ssh;

/// <summary>
/// The argument vectors for ssh(1). Nothing the user gives can become another option: names are checked, and follow
/// <c>--</c> or an option that takes a value.
/// </summary>
internal static class SshArguments
{
    /// <summary>What the one shared connection depends on; ssh takes the first value it sees, so these come first.</summary>
    private static readonly string[] s_own =
    [
        "ControlMaster", "ControlPath", "ControlPersist", "BatchMode", "RequestTTY", "RemoteCommand", "ClearAllForwardings",
        "ForwardAgent", "ForwardX11", "PermitLocalCommand", "Tunnel", "SessionType", "StdinNull", "ForkAfterAuthentication",
        "LocalCommand", "StreamLocalBindMask", "StreamLocalBindUnlink",
    ];

    /// <summary>Throws SshOptionInvalid for the first thing that ssh must not see.</summary>
    public static void Require(SshOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.HostName?.LastIndexOf('@') is > 0 and var at)
        {
            throw new XenDriverDomainException(
                ErrorIds.SshOptionInvalid,
                ErrorKind.InvalidArgument,
                $"The SSH host name '{Text.Show(options.HostName)}' cannot be used: it has the user in it.",
                "Name both by themselves: Connect-XenDom0 "
                    + $"-HostName {Text.Show(options.HostName[(at + 1)..])} -UserName {Text.Show(options.HostName[..at])}.",
                options.HostName);
        }

        RequireName("host name", options.HostName!, "._-:%[]");
        if (options.UserName is { } user)
        {
            RequireName("user name", user, "._-@+\\$");
        }

        if (options.Port is < 1 or > 65535)
        {
            throw Invalid("port", $"{options.Port}", "a port is a number from 1 to 65535");
        }

        if (options.KeyFilePath is { } key && !File.Exists(key))
        {
            throw Invalid("key file", key, "the file does not exist");
        }

        foreach ((string name, string value) in options.Options)
        {
            if (name.Length == 0 || !name.All(char.IsAsciiLetterOrDigit))
            {
                throw Invalid("option", name, "an option's name consists of letters and digits, as in ssh_config(5)");
            }

            if (s_own.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                throw Invalid("option", name, "the connection sets this option itself");
            }

            if (value.Any(char.IsControl))
            {
                throw Invalid("option", $"{name}={value}", "an option's value has no control characters");
            }
        }

        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.ConnectTimeout, TimeSpan.Zero);
    }

    /// <summary>The master connection, whose own session runs <paramref name="command"/>.</summary>
    public static List<string> Master(SshOptions options, string controlPath, string command) =>
        [.. Connection(options, controlPath), "-T", "--", options.HostName, command];

    /// <summary>A connection of its own for one session, where the host allows the master no more of them.</summary>
    public static List<string> Alone(SshOptions options, string command) =>
        [.. Connection(options, null), "-T", "--", options.HostName, command];

    /// <summary>Prints the settings in effect, without connecting.</summary>
    public static List<string> Settings(SshOptions options, string controlPath) =>
        [.. Connection(options, controlPath), "-G", "--", options.HostName];

    /// <summary>A session within the master connection, and never a connection of its own: its way to the network is cut.</summary>
    public static List<string> Session(string controlPath, string command) =>
        [.. Client(controlPath), "-T", "--", "dom0", command];

    /// <summary>Asks the master to forward a local socket to one on the far side.</summary>
    public static List<string> Forward(string controlPath, string localSocket, string remoteSocket) =>
        [.. Client(controlPath), "-O", "forward", "-L", $"{localSocket}:{remoteSocket}", "--", "dom0"];

    private static List<string> Client(string controlPath) =>
    [
        "-F", "/dev/null", "-S", controlPath, "-o", "ControlMaster=no", "-o", "BatchMode=yes", "-o", "LogLevel=ERROR", "-o",
        "ProxyCommand=false",
    ];

    private static List<string> Connection(SshOptions options, string? controlPath)
    {
        List<string> settings =
        [
            $"ControlMaster={(controlPath is null ? "no" : "yes")}", $"ControlPath={controlPath ?? "none"}", "ControlPersist=no",
            "BatchMode=yes", "RequestTTY=no",
            "RemoteCommand=none", "ClearAllForwardings=yes", "ForwardAgent=no", "ForwardX11=no", "PermitLocalCommand=no", "Tunnel=no",
            "StreamLocalBindMask=0177", "StreamLocalBindUnlink=yes",
            .. options.Options.Select(option => $"{option.Key}={option.Value}"),
            $"ConnectTimeout={Math.Max(1, (int)options.ConnectTimeout.TotalSeconds).ToString(CultureInfo.InvariantCulture)}",
            "ServerAliveInterval=5", "ServerAliveCountMax=3", "LogLevel=ERROR",
        ];
        List<string> arguments = [.. settings.SelectMany(setting => new[] { "-o", setting })];
        if (options.Port is { } port)
        {
            arguments.AddRange(["-p", port.ToString(CultureInfo.InvariantCulture)]);
        }

        if (options.UserName is { } user)
        {
            arguments.AddRange(["-l", user]);
        }

        if (options.KeyFilePath is { } key)
        {
            arguments.AddRange(["-i", Path.GetFullPath(key), "-o", "IdentitiesOnly=yes"]);
        }

        return arguments;
    }

    private static void RequireName(string what, string value, string allowed)
    {
        if (string.IsNullOrEmpty(value) || value[0] == '-'
            || !value.All(c => char.IsAsciiLetterOrDigit(c) || c > '\x9f' || allowed.Contains(c)))
        {
            throw Invalid(what, value, $"a {what} does not begin with '-' and has no white space or shell characters");
        }
    }

    private static XenDriverDomainException Invalid(string what, string value, string rule) => new(
        ErrorIds.SshOptionInvalid,
        ErrorKind.InvalidArgument,
        $"The SSH {what} '{Text.Show(value)}' cannot be used: {rule}.",
        "Correct it; ssh_config(5) describes the options, and a Host entry in ~/.ssh/config can hold what is special about a host.",
        value);
}
