using System.Globalization;
using XenDriverDomain.Simulation.Toolstack.Libxl;

namespace XenDriverDomain.Simulation.Toolstack.Commands;

/// <summary><c>xl block-detach</c>. A disk is known by its number here; nobody is behind it who would have to let go of it.</summary>
internal sealed class BlockDetachCommand : IXlCommand
{
    /// <inheritdoc/>
    public string Name => "block-detach";

    /// <inheritdoc/>
    public string Usage => "<Domain> <DevId>";

    /// <inheritdoc/>
    public string Description => "Destroy a domain's virtual block device";

    /// <inheritdoc/>
    public Task<int> RunAsync(XlProcess process, XlArguments arguments)
    {
        arguments.Parse(process, string.Empty, 2);
        int domid = DomainArgument.Find(process, arguments.Rest[0]);
        string word = arguments.Rest[1];
        DeviceId? device = int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int devid)
            ? DeviceId.Read(process.Store, domid, DiskDevices.Kind, devid)
            : null;
        if (device is null)
        {
            process.Complain($"Error: Device {word} not connected.");
            return Task.FromResult(1);
        }

        DeviceRemoval.Forget(process.Store, device);
        return Task.FromResult(0);
    }
}
