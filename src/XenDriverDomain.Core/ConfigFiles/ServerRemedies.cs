using XenDriverDomain.Domains;

namespace XenDriverDomain.ConfigFiles;

/// <summary>
/// What brings a driver domain and its clients back. Start-XenDriverDomain and Restart-XenDriverDomain begin with its file; where that is
/// gone they are refused, and nobody is to be sent there.
/// </summary>
internal static class ServerRemedies
{
    private const string LookFirst = "Look at its console log and at xl dmesg for why it ended";

    /// <summary>
    /// Why a driver domain that is there does nothing; null when it runs, or when nobody knows. One that has ended and is kept is taken
    /// away by what also has its clients recorded: after a mere <c>xl destroy</c> nothing may tell whose they were.
    /// </summary>
    /// <param name="state">What xl list says.</param>
    /// <param name="name">The domain, fit to be shown.</param>
    /// <param name="isConfigured">Whether its file is there; null when nobody looked.</param>
    public static DomainStop? StopOf(DomainState state, string name, bool? isConfigured) => DomainStop.Of(state, name) switch
    {
        { IsKept: true } kept => kept with { Remedy = OfKept(name, isConfigured) },
        { } other => other,
        null => null,
    };

    /// <summary>For a driver domain that ended while somebody waited for it: perhaps it is kept, and perhaps it is gone.</summary>
    /// <param name="name">The domain, fit to be shown.</param>
    /// <param name="isConfigured">Whether its file is there.</param>
    public static string OfEnded(string name, bool isConfigured) => isConfigured
        ? $"{LookFirst}; Restart-XenDriverDomain {name} takes it away if xl list still shows it, and starts it again."
        : $"{LookFirst}; if xl list still shows it, Stop-XenDriverDomain {name} -Force takes it away.";

    /// <summary>For a vif that is cut off from a driver domain, whether that runs again or not.</summary>
    /// <param name="server">The driver domain, fit to be shown.</param>
    /// <param name="isConfigured">Whether its file is there.</param>
    /// <param name="guest">The guest, fit to be shown.</param>
    /// <param name="mac">The vif's address, when it has one.</param>
    public static string OfClient(string server, bool isConfigured, string guest, string? mac) => isConfigured
        ? $"Start-XenDriverDomain or Restart-XenDriverDomain {server} connects it again."
        : $"{server} has no file in {DriverDomainFiles.Directory} any more: New-XenDriverDomain {server} … -Start makes it anew and "
            + $"connects the vif again, or Connect-XenGuestVif {guest} BACKEND{(mac is null ? string.Empty : $" -Mac {mac}")} connects it "
            + "to one that runs.";

    private static string OfKept(string name, bool? isConfigured)
    {
        string again = $"Restart-XenDriverDomain {name} takes it away, starts it again and connects its clients";
        return isConfigured switch
        {
            true => $"{LookFirst}; {again}.",
            null => $"{LookFirst}; {again}, as long as its file is in {DriverDomainFiles.Directory}.",
            false => $"{LookFirst}; Stop-XenDriverDomain {name} -Force takes it away and records its clients. It has no file in "
                + $"{DriverDomainFiles.Directory} to be started from: New-XenDriverDomain {name} … -Start makes it anew and connects them.",
        };
    }
}
