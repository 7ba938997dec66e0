using XenDriverDomain.Simulation.Files;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Machine;

/// <summary>
/// The devices that drivers make, in /sys/devices and in the directories of their classes. The caller holds the machine's lock.
/// </summary>
internal sealed class ChildDevices(SimulatedFiles files, NetworkTables network)
{
    private const string NetClass = "/sys/class/net";
    private const string BlockClass = "/sys/class/block";

    /// <summary>Where all devices are.</summary>
    public const string Root = "/sys/devices";

    /// <summary>Makes a device.</summary>
    /// <param name="parent">The directory that its path is below.</param>
    /// <param name="device">The device.</param>
    /// <param name="isConfigured">True at boot: with what start-up scripts set up.</param>
    public void Add(string parent, ChildDevice device, bool isConfigured)
    {
        string directory = $"{parent}/{device.Path}";
        files.MakeDirectory(directory);
        PutAttributes(directory, device.Attributes);
        if (isConfigured)
        {
            PutAttributes(directory, device.ConfiguredAttributes);
            foreach ((string name, string path) in device.ConfiguredLinks)
            {
                files.Link($"{directory}/{name}", SysLink.Target($"{directory}/{name}", path));
            }
        }

        foreach (string folder in device.Classes)
        {
            files.Link($"{folder}/{device.Name}", SysLink.Target($"{folder}/{device.Name}", directory));
        }

        if (device.Classes.Contains(BlockClass) && DiskLink.Of(directory, device) is { } link)
        {
            files.Link(link, DiskLink.TargetOf(device));
        }

        if (device.Classes.Contains(NetClass))
        {
            network.Arrive(device.Name);
            files.PutAttribute($"{directory}/ifindex", () => $"{network.IndexOf(device.Name)}\n");
        }
    }

    /// <summary>Takes a device away, and an interface with its addresses and routes from under its bridge.</summary>
    public void Remove(string parent, ChildDevice device)
    {
        foreach (string folder in device.Classes)
        {
            files.Remove($"{folder}/{device.Name}");
        }

        if (device.Classes.Contains(BlockClass) && DiskLink.Of($"{parent}/{device.Path}", device) is { } link)
        {
            files.Remove(link);
        }

        if (device.Classes.Contains(NetClass))
        {
            network.Leave(device.Name);
            foreach (string upper in device.ConfiguredLinks.Values)
            {
                files.Remove($"{upper}/lower_{device.Name}");
                files.Remove($"{upper}/brif/{device.Name}");
            }
        }

        // net/ goes with net/eth0.
        files.Remove($"{parent}/{device.Path.Split('/')[0]}");
    }

    private void PutAttributes(string directory, IReadOnlyDictionary<string, string> attributes)
    {
        foreach ((string name, string text) in attributes)
        {
            files.PutAttribute($"{directory}/{name}", () => text + "\n");
        }
    }
}
