using XenDriverDomain.Pci;

namespace XenDriverDomain.Assignment.Policy;

/// <summary>
/// The registers of the standard header that pciback handles of every function (conf_space_header.c): a field for one of them would be
/// passed over without a word. Those of capabilities it handles as well, but which these are, only the hardware says.
/// </summary>
internal static class PcibackHeader
{
    private static readonly PciConfigField[] s_common =
    [
        new(0x00, 2, 0), new(0x02, 2, 0), new(0x04, 2, 0), new(0x3c, 1, 0), new(0x3d, 1, 0), new(0x0c, 1, 0), new(0x0d, 1, 0),
        new(0x0f, 1, 0),
    ];

    private static readonly PciConfigField[] s_ofDevices =
        [new(0x10, 4, 0), new(0x14, 4, 0), new(0x18, 4, 0), new(0x1c, 4, 0), new(0x20, 4, 0), new(0x24, 4, 0), new(0x30, 4, 0)];

    private static readonly PciConfigField[] s_ofBridges = [new(0x10, 4, 0), new(0x14, 4, 0), new(0x38, 4, 0)];

    /// <summary>How it handles a register; null when it does not, by the header alone.</summary>
    public static PciConfigField? Find(PciDevice device, int register)
    {
        foreach (PciConfigField field in (IEnumerable<PciConfigField>)[.. s_common, .. device.IsBridge ? s_ofBridges : s_ofDevices])
        {
            if (field.Register == register)
            {
                return field;
            }
        }

        return null;
    }
}
