using XenDriverDomain.Errors;
using XenDriverDomain.Session;

namespace XenDriverDomain.Pipeline;

/// <summary>
/// An object that stands where the name of something else is taken. A transformation that refused it would have PowerShell say so, without
/// what is to be done instead; so it becomes a text that nobody types, and the cmdlet makes an error of ours of that before it does
/// anything.
/// </summary>
internal static class WrongObject
{
    // Unicode has no such character and never will, so that no name of anything begins with it.
    private const char Mark = '\ufffe';

    /// <summary>The text that stands for an object.</summary>
    /// <param name="type">The object's type, without its namespace.</param>
    /// <param name="names">The properties of which it has none.</param>
    internal static string TextFor(string type, IEnumerable<string> names) => $"{Mark}{type}{Mark}{string.Join(" or ", names)}";

    /// <summary>The error that a text stands for; null for any other text.</summary>
    /// <param name="text">What a parameter has got.</param>
    /// <param name="command">The cmdlet.</param>
    internal static XenDriverDomainException? In(string text, string command) =>
        text.Split(Mark) is ["", var type, var names]
            ? new XenDriverDomainException(
                ModuleErrorIds.WrongInputObject,
                ErrorKind.InvalidArgument,
                $"{type} has no {names}: {command} is not told by one what is meant.",
                $"{Taken(names, command)}{Instead(type, names, command)}",
                type)
            : null;

    private static string Taken(string names, string command) => names switch
    {
        "Rule" => "Pipe rules: texts, or what Get-XenPciPolicy or Import-XenPciPolicy gives.",
        "XlConfig" => "Pipe the lines of a text, or what Import-XenDomainConfig gives.",
        "ConfigPath or Path" => "Pipe paths on the host, or what Import-XenDomainConfig or Get-XenDriverDomain gives.",
        "Dom0 or HostName" => "Pipe names of hosts, or what Get-XenDom0 gives.",
        "Dom0" => "Name the host, or pipe what Get-XenDom0 gives.",
        "Mac" => "Give the address as text, or pipe what Get-XenGuestVif gives.",
        _ when names.Contains("Path", StringComparison.Ordinal) => "Pipe paths, or what Get-ChildItem gives.",
        _ when names.Contains("Address", StringComparison.Ordinal) =>
            "Pipe addresses, or what Get-XenPciDevice, Get-XenPciAssignable or Get-XenDriverDomain gives.",
        _ when names.Contains("Guest", StringComparison.Ordinal) => "Pipe names, or what Get-XenGuest or Get-XenGuestVif gives.",
        _ when command.EndsWith("DriverDomain", StringComparison.Ordinal) => "Pipe names, or what Get-XenDriverDomain gives.",
        _ => "Give names, or what Get-XenDriverDomain or Get-XenGuest gives.",
    };

    // Where the object leads to what is taken.
    private static string Instead(string type, string names, string command)
    {
        bool wantsDomain = names.Split(" or ").Contains("Name");
        bool wantsCard = names.Contains("Address", StringComparison.Ordinal);
        return (type, wantsDomain, wantsCard) switch
        {
            ("GuestVif", true, _) => $" The back end of a vif: Get-XenGuestVif | Where-Object Backend | ForEach-Object Backend | {command}",
            ("GuestVif", _, true) => " The cards behind a vif: Get-XenGuestVif | Where-Object Backend | ForEach-Object Backend | "
                + $"Get-XenDriverDomain | {command}",
            ("PciDevice", true, _) =>
                $" The domain that has a card: Get-XenPciDevice | Where-Object Domain | ForEach-Object Domain | {command}",
            ("Guest", _, true) => $" The cards of a guest: Get-XenGuest | ForEach-Object Name | Get-XenDriverDomain | {command}",
            ("HostTrace", true, _) or ("HostTrace", _, true) =>
                $" What a trace is about: Get-XenDom0 -Footprint | Where-Object Subject | ForEach-Object Subject | {command}",
            ("DriverDomainTopology", true, _) => $" What is in a topology: (Get-XenDriverDomainTopology).Nodes | {command}",
            _ => string.Empty,
        };
    }
}
