using System.Globalization;
using XenDriverDomain.Backends;
using XenDriverDomain.Simulation.Toolstack.Libxl;

namespace XenDriverDomain.Simulation.Toolstack.Commands;

/// <summary><c>xl network-list</c>; it shows the front end's state, which stays 4 when the back end dies.</summary>
internal sealed class NetworkListCommand : IXlCommand
{
    /// <inheritdoc/>
    public string Name => "network-list";

    /// <inheritdoc/>
    public string Usage => "<Domain(s)>";

    /// <inheritdoc/>
    public string Description => "List virtual network interfaces for a domain";

    /// <inheritdoc/>
    public Task<int> RunAsync(XlProcess process, XlArguments arguments)
    {
        arguments.Parse(process, string.Empty, 1);
        process.Print("Idx BE Mac Addr.         handle state evt-ch   tx-/rx-ring-ref BE-path                       ");
        foreach (string word in arguments.Rest)
        {
            int domid = DomainArgument.Find(process, word);
            foreach (int devid in VifDevices.List(process, domid))
            {
                if (VifDevices.Find(process, domid, devid) is { } device)
                {
                    process.Print(Row(process, device));
                }
            }
        }

        return Task.FromResult(0);
    }

    private static string Row(XlProcess process, DeviceId device)
    {
        XenbusState state = process.Store.ReadState(device.Frontend);
        string mac = process.Store.TryRead($"{device.Record}/mac") ?? "00:00:00:00:00:00";
        int transmit = process.Store.ReadNumber($"{device.Frontend}/tx-ring-ref") ?? -1;
        int receive = process.Store.ReadNumber($"{device.Frontend}/rx-ring-ref") ?? -1;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{device.Devid,-3} {device.BackendDomid,-2} {mac}{device.Devid,6} {(int)state,5} {-1,6} {transmit,5}/{receive,-11} "
                + $"{device.Backend,-30}");
    }
}
