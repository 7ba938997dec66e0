using System.Globalization;
using XenDriverDomain.Network;
using XenDriverDomain.Simulation.Toolstack.Libxl;

namespace XenDriverDomain.Simulation.Toolstack.Commands;

/// <summary><c>xl network-detach</c>.</summary>
internal sealed class NetworkDetachCommand : IXlCommand
{
    /// <inheritdoc/>
    public string Name => "network-detach";

    /// <inheritdoc/>
    public string Usage => "<Domain> <DevId|mac>";

    /// <inheritdoc/>
    public string Description => "Destroy a domain's virtual network device";

    /// <inheritdoc/>
    public async Task<int> RunAsync(XlProcess process, XlArguments arguments)
    {
        arguments.Parse(process, string.Empty, 2);
        int domid = DomainArgument.Find(process, arguments.Rest[0]);
        string word = arguments.Rest[1];
        DeviceId? device = word.Contains(':', StringComparison.Ordinal)
            ? MacAddress.TryParse(word, out MacAddress mac) ? VifDevices.Find(process, domid, mac) : null
            : int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int devid)
                ? VifDevices.Find(process, domid, devid)
                : null;
        if (device is null)
        {
            process.Complain($"Unknown device {word}.");
            return 1;
        }

        if (await DeviceRemoval.RunAsync(process, device, force: false).ConfigureAwait(false) == LibxlError.None)
        {
            return 0;
        }

        process.Error("libxl_device.c:1481:device_addrm_aocomplete", $"Unable to remove vif with id {device.Devid}", domid);
        process.Complain("libxl_device_nic_del failed.");
        return 1;
    }
}
