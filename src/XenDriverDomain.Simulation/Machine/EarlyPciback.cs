using XenDriverDomain.Hide;
using XenDriverDomain.Simulation.Files;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Machine;

/// <summary>
/// What pciback takes as the machine boots, before any driver does: what hide= names, where it is built in, or where a softdep has the
/// driver's module wait for it. It takes nothing that has a driver already.
/// </summary>
internal sealed class EarlyPciback
{
    private const string Options = "/etc/modprobe.d";

    private readonly IReadOnlyList<HideElement> _hidden;
    private readonly Func<string, bool> _waits;
    private readonly HostDescription? _host;

    private EarlyPciback(HostDescription? host, IReadOnlyList<HideElement> hidden, Func<string, bool> waits)
    {
        _host = host;
        _hidden = hidden;
        _waits = waits;
    }

    /// <summary>Takes nothing.</summary>
    public static EarlyPciback None { get; } = new(null, [], _ => false);

    /// <summary>What the settings of a host say.</summary>
    public static EarlyPciback Of(HostDescription host, SimulatedFiles files)
    {
        IReadOnlyDictionary<string, string> parameters = host.PcibackParameters
            ?? KernelModules.PcibackParameters(files, host.KernelCommandLine);
        if (!parameters.TryGetValue("hide", out string? hide) || HideList.Parse(hide) is not { Fault: null } list)
        {
            return None;
        }

        HashSet<string> waiting =
        [
            .. files.Names(Options).Where(name => name.EndsWith(".conf", StringComparison.Ordinal))
                .SelectMany(name => (files.Text($"{Options}/{name}") ?? string.Empty).Split('\n'))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(words => words is ["softdep", _, "pre:", .. var before]
                    && before.Any(one => KernelModules.Spelling(one) == KernelModules.Spelling(PcibackDriver.ModuleName)))
                .Select(words => KernelModules.Spelling(words[1])),
        ];
        return new EarlyPciback(host, [.. list.Elements], waiting.Contains);
    }

    /// <summary>Whether it takes a function before its driver can.</summary>
    public bool Takes(FunctionDescription function) => function.AtStart is null && !function.IsBridge
        && _hidden.Any(element => element.Covers(function.Address))
        && (_host!.IsPcibackBuiltIn || ModuleOf(function.Driver) is not { } module || _waits(KernelModules.Spelling(module)));

    // A driver that is built in is there first.
    private string? ModuleOf(string? driver) => driver is null
        ? null
        : _host!.Drivers.FirstOrDefault(one => one.Name == driver) is { } known ? known.Module ?? driver : null;
}
