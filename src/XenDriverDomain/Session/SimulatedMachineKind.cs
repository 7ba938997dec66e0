namespace XenDriverDomain.Session;

/// <summary>The machines that Connect-XenDom0 -Simulated has built in.</summary>
public enum SimulatedMachineKind
{
    /// <summary>A small server with a believable mix of devices.</summary>
    Default,

    /// <summary>The machine that the acceptance tests run on in QEMU, device by device.</summary>
    Lab,
}
