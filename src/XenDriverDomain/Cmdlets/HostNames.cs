namespace XenDriverDomain.Cmdlets;

/// <summary>Which host a message is about.</summary>
internal static class HostNames
{
    /// <summary>A message with the host it is about before it, unless it names that already.</summary>
    /// <param name="message">The message.</param>
    /// <param name="host">The host's id; null where there is only one.</param>
    internal static string In(string message, string? host) => host is null || Names(message, host) ? message : $"{host}: {message}";

    // As a word: "xen1" is not in "on xen10", nor in "xen1-old".
    private static bool Names(string message, string host)
    {
        for (int at = 0; (at = message.IndexOf(host, at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
        {
            int end = at + host.Length;
            if ((at == 0 || !IsPart(message[at - 1])) && (end == message.Length || !IsPart(message[end])))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsPart(char one) => char.IsLetterOrDigit(one) || one is '-' or '_' or '@';
}
