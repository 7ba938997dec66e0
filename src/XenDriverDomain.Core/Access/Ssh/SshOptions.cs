namespace XenDriverDomain.Access.Ssh;

/// <summary>How to reach a dom0 with the system's OpenSSH client. What is left out comes from the user's ssh_config(5).</summary>
public sealed record SshOptions
{
    /// <summary>The host's name, address, or its alias in ssh_config.</summary>
    public required string HostName { get; init; }

    /// <summary>The port; null for ssh's own choice.</summary>
    public int? Port { get; init; }

    /// <summary>The user there, who must be root for most purposes; null for ssh's own choice.</summary>
    public string? UserName { get; init; }

    /// <summary>A file with a private key, which is then the only one offered; null for ssh's own choice (agent, default files).</summary>
    public string? KeyFilePath { get; init; }

    /// <summary>Options as in ssh_config(5), name and value, such as <c>ProxyJump</c> or <c>UserKnownHostsFile</c>.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>How long connecting, including authentication and the first shell, may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
