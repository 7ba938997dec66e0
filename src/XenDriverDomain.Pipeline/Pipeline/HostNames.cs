namespace XenDriverDomain.Pipeline;

/// <summary>Which host a message is about.</summary>
internal static class HostNames
{
    private static readonly string[] s_before = [" on ", " of ", " to ", " with "];

    /// <summary>A message with the host it is about before it, unless it names that already.</summary>
    /// <param name="message">The message.</param>
    /// <param name="host">The host's id; null where there is only one.</param>
    internal static string In(string message, string? host) => host is null || Names(message, host) ? message : $"{host}: {message}";

    // Where a message names a host it begins with it, or says on, of, to or with which: a host can be called as any other word is
    // ("crashed"), and "xen1" is not in "on xen10", nor in "on xen1-old".
    private static bool Names(string message, string host)
    {
        for (int at = 0; (at = message.IndexOf(host, at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
        {
            int end = at + host.Length;
            bool isSaidOf = at == 0 || Array.Exists(s_before, word => message.AsSpan(0, at).EndsWith(word, StringComparison.Ordinal));
            if (isSaidOf && (end == message.Length || !IsPart(message[end])))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsPart(char one) => char.IsLetterOrDigit(one) || one is '-' or '_' or '@';
}
