using System.Diagnostics.CodeAnalysis;

namespace XenDriverDomain.Backends;

/// <summary>Disks (xen/include/public/io/blkif.h). They are read only: who backs which is verified when a guest starts.</summary>
internal sealed class DiskKind : DeviceKind<DiskRecord>
{
    /// <inheritdoc/>
    public override string Name => "vbd";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Settings => ["dev"];

    /// <inheritdoc/>
    public override DiskRecord Of(DeviceRecord read) => new(read);
}

/// <summary>What xenstore says about one disk.</summary>
internal sealed record DiskRecord : DeviceRecord
{
    /// <summary>What was read, known to be a disk's.</summary>
    [SetsRequiredMembers]
    public DiskRecord(DeviceRecord read)
        : base(read)
    {
    }

    /// <summary>The device in the guest: xvda, hdc; null when the record lacks it.</summary>
    public string? VirtualDevice => Settings.GetValueOrDefault("dev");
}
