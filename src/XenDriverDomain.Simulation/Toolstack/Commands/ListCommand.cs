using System.Globalization;
using XenDriverDomain.Simulation.Domains;
using XenDriverDomain.Simulation.Toolstack.Libxl;

namespace XenDriverDomain.Simulation.Toolstack.Commands;

/// <summary><c>xl list</c>: the table, and with <c>-l</c> the configurations.</summary>
internal sealed class ListCommand : IXlCommand
{
    // An idle domain uses a little of a CPU; Time(s) is what it has used.
    private const double Load = 0.05;

    /// <inheritdoc/>
    public string Name => "list";

    /// <inheritdoc/>
    public string Usage => "[options] [Domain]\n- for all domains info";

    /// <inheritdoc/>
    public string Description => "List information about all/some domains";

    /// <inheritdoc/>
    public Task<int> RunAsync(XlProcess process, XlArguments arguments)
    {
        arguments.Parse(process, "lvhZcn", 0, ("long", 'l'), ("verbose", 'v'), ("context", 'Z'), ("cpupool", 'c'), ("numa", 'n'));
        IReadOnlyCollection<SimulatedDomain> domains = process.World.Hypervisor.Domains;
        if (arguments.Rest.Count > 0)
        {
            if (process.World.Hypervisor.Find(DomainArgument.Find(process, arguments.Rest[0])) is not { } one)
            {
                process.Complain($"Error: Domain '{arguments.Rest[0]}' does not exist.");
                return Task.FromResult(1);
            }

            domains = [one];
        }

        if (arguments.Has('l'))
        {
            process.Print(DomainJson.Write(process, domains));
            return Task.FromResult(0);
        }

        bool verbose = arguments.Has('v');
        process.Print("Name                                        ID   Mem VCPUs\tState\tTime(s)"
            + (verbose ? "   UUID                            Reason-Code\tSecurity Label" : string.Empty));
        foreach (SimulatedDomain domain in domains)
        {
            process.Print(Row(process, domain) + (verbose ? Details(domain) : string.Empty));
        }

        return Task.FromResult(0);
    }

    private static string Row(XlProcess process, SimulatedDomain domain)
    {
        double seconds = (process.World.Time.Elapsed - domain.Created).TotalSeconds * Load;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{DomainNames.Of(process, domain.Domid) ?? "(null)",-40} {domain.Domid,5} {domain.MemoryKB / 1024,5} {domain.Vcpus,5}     "
                + $"{Letters(domain)}  {seconds,8:F1}");
    }

    private static string Details(SimulatedDomain domain) => string.Create(
        CultureInfo.InvariantCulture,
        $" {domain.Uuid:D} {(domain.Shutdown is { } why ? ((int)why).ToString("x", CultureInfo.InvariantCulture) : "-"),8} {"-",16}");

    private static string Letters(SimulatedDomain domain) => string.Concat(
        domain.Domid == 0 ? 'r' : '-',
        domain is { Domid: not 0, IsPaused: false, Shutdown: null } ? 'b' : '-',
        domain.IsPaused ? 'p' : '-',
        domain.Shutdown is null ? "-" : "s",
        domain.Shutdown switch
        {
            ShutdownReason.Reboot => "r",
            ShutdownReason.Suspend => "s",
            ShutdownReason.Crash => "c",
            _ => "-",
        })
        + (domain.IsGone ? 'd' : '-');
}
