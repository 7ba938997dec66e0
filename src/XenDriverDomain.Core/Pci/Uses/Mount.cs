namespace XenDriverDomain.Pci.Uses;

/// <summary>One mount.</summary>
/// <param name="Device">major:minor; 0:N for a file system without a device of its own, btrfs among them.</param>
/// <param name="Root">What of the file system is mounted; more than <c>/</c> for bind mounts.</param>
/// <param name="Point">Where it is mounted.</param>
/// <param name="Type">The file system's type.</param>
/// <param name="Source">What was named as its device.</param>
internal sealed record Mount(string Device, string Root, string Point, string Type, string Source);
