namespace XenDriverDomain.Access.Ssh;

/// <summary>One line for a <see cref="RemoteShell"/>.</summary>
/// <param name="Text">The script; it leaves its status in the variable <c>r</c>.</param>
internal sealed record RemoteScript(string Text)
{
    /// <summary>What the script reads after its own line; null when it reads nothing and the shell can be used again.</summary>
    public ReadOnlyMemory<byte>? Input { get; init; }

    /// <summary>The most bytes kept of each output.</summary>
    public int Limit { get; init; } = 16 * 1024 * 1024;

    /// <summary>Whether the reply comes as soon as standard output exceeds the limit; the script goes on printing, so the shell is of no more use.</summary>
    public bool StopAtLimit { get; init; }

    /// <summary>Whether the script may leave something behind that holds the shell's outputs, so that nobody else may use the shell.</summary>
    public bool SingleUse { get; init; }

    /// <summary>Commands whose status is the script's, with nothing to read.</summary>
    public static RemoteScript Of(string commands) => new($"{{ {commands}; }} </dev/null; r=$?");
}
