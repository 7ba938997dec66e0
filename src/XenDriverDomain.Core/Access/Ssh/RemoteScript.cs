namespace XenDriverDomain.Access.Ssh;

/// <summary>A script for a <see cref="RemoteShell"/>.</summary>
/// <param name="Text">
/// The script; it leaves its status in the variable <c>r</c>. Nothing in it may read the standard input, which brings the next one.
/// </param>
internal sealed record RemoteScript(string Text)
{
    /// <summary>The most bytes kept of each output.</summary>
    public int Limit { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// Whether the reply comes as soon as standard output exceeds the limit; the script goes on printing, so the shell is of no more use.
    /// </summary>
    public bool StopAtLimit { get; init; }

    /// <summary>Whether it runs a program that may leave something behind which holds the shell's outputs.</summary>
    public bool RunsProgram { get; init; }

    /// <summary>Whether it changes nothing, so that nobody has to wait for its end when it is cancelled.</summary>
    public bool OnlyLooks { get; init; }

    /// <summary>Commands whose status is the script's.</summary>
    public static RemoteScript Of(string commands) => new($"{{ {commands}; }} </dev/null; r=$?");
}
