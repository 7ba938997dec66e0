using XenDriverDomain.Errors;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Access.Ssh;

/// <summary>Tells from what ssh complained why there is no connection (the messages of OpenSSH's sshconnect*.c).</summary>
internal static class SshFailure
{
    private static readonly string[] s_hostKey =
    [
        "Host key verification failed", "REMOTE HOST IDENTIFICATION HAS CHANGED", "No matching host key", "no matching host key",
        "Host key for", "host key is known for",
    ];

    private static readonly string[] s_authentication =
    [
        "Permission denied (", "Too many authentication failures", "No supported authentication methods", "Permission denied, please",
    ];

    /// <summary>
    /// True when the server has not opened one more session in a connection that stands (mux.c, mux_client_request_session).
    /// </summary>
    public static bool IsSessionRefused(string complaint) => complaint.Contains("Session open refused by peer", StringComparison.Ordinal);

    /// <summary>The error of a host with too few sessions in a connection, and to which no further connection could be made.</summary>
    /// <param name="host">The host.</param>
    /// <param name="cause">Why there is no further connection.</param>
    public static XenDriverDomainException TooFewSessions(string host, XenDriverDomainException cause) => new(
        ErrorIds.ConnectionFailed,
        ErrorKind.Connection,
        $"The SSH server of {host} opens too few sessions in one connection (MaxSessions in its sshd_config), and another connection "
            + $"was not made: {cause.Message}",
        "Allow more sessions on the host: MaxSessions 10, sshd's default, in its sshd_config (sshd -T shows what is in effect), "
            + "and reload sshd.",
        host,
        cause);

    public static XenDriverDomainException NotInstalled() => new(
        ErrorIds.SshNotInstalled,
        ErrorKind.NotInstalled,
        "The OpenSSH client (ssh) is not installed on this machine, or is not in the PATH.",
        "Install it (Debian: apt install openssh-client).");

    // At our log level ssh says nothing of a session that the server does not open.
    private const string Silent = "ssh ended without a word; the host opens no session for this user (MaxSessions 0 in its sshd_config "
        + "does that), or nothing there runs a POSIX shell.";

    public static XenDriverDomainException NotConnected(string host, string complaint)
    {
        string shown = Shorten(complaint);
        if (s_hostKey.Any(complaint.Contains))
        {
            return new(
                ErrorIds.SshHostKeyRejected,
                ErrorKind.Connection,
                $"The host {host} is not the one that is known by this name, or is not known yet: {shown}",
                "Compare the host's key by another way, then add it to known_hosts (ssh to it once by hand, or ssh-keyscan); "
                    + "a changed key is removed with ssh-keygen -R.",
                host);
        }

        if (s_authentication.Any(complaint.Contains))
        {
            return new(
                ErrorIds.SshAuthenticationFailed,
                ErrorKind.PermissionDenied,
                $"The host {host} does not let this user in: {shown}",
                "Passwords are never asked for: give a key that the host's authorized_keys names (-KeyFilePath, or the agent: ssh-add), "
                    + "and check the user name.",
                host);
        }

        return new(
            ErrorIds.ConnectionFailed,
            ErrorKind.Connection,
            $"No connection to {host}: {(shown.Length > 0 ? shown : Silent)}",
            "Try ssh with the same host, user and options by hand, with -v.",
            host);
    }

    public static XenDriverDomainException TooSlow(string host, TimeSpan timeout) => new(
        ErrorIds.ConnectionFailed,
        ErrorKind.Timeout,
        $"No connection to {host}: it did not answer within {timeout.TotalSeconds:0.###} s.",
        "Check that the host is up and reachable, or allow more time.",
        host);

    public static XenDriverDomainException Lost(string host, string complaint)
    {
        string shown = Shorten(complaint);
        return new(
            ErrorIds.ConnectionLost,
            ErrorKind.Connection,
            $"The connection to {host} was lost{(shown.Length > 0 ? $": {shown.TrimEnd('.')}" : string.Empty)}.",
            "Connect again. What was being done may or may not have been done: look before repeating it.",
            host);
    }

    private static string Shorten(string complaint)
    {
        // The last words are the reason; what comes before are warnings, banners and the frame of asterisks or at signs.
        IEnumerable<string> lines = complaint.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => !line.StartsWith("@@@", StringComparison.Ordinal));
        return Text.Show(string.Join("; ", lines.TakeLast(2)));
    }
}
