namespace XenDriverDomain.Configuration.Specs;

/// <summary>How a network interface is offered to a guest (xl-network-configuration(5), type=).</summary>
public enum VifType
{
    /// <summary>Paravirtual only; what a guest of a driver domain should use.</summary>
    Vif,

    /// <summary>With an emulated card beside it, HVM only; the emulator's end lives in dom0.</summary>
    Ioemu,
}
