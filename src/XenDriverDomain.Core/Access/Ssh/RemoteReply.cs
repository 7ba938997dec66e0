namespace XenDriverDomain.Access.Ssh;

/// <summary>What a script on the far side answered.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Output">Its standard output, up to the limit.</param>
/// <param name="Error">Its standard error, up to the limit.</param>
/// <param name="Truncated">Whether there was more.</param>
internal sealed record RemoteReply(int Status, byte[] Output, byte[] Error, bool Truncated)
{
    /// <summary>The status that <see cref="SshCommands"/> gives a program that is not there; no exit code is as large.</summary>
    public const int NotFound = 999;
}
