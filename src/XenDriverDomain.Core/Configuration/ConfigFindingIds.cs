namespace XenDriverDomain.Configuration;

/// <summary>The ids of the findings about a configuration.</summary>
public static class ConfigFindingIds
{
    /// <summary>A PVH domain lists PCI devices.</summary>
    public const string PciOnPvh = nameof(PciOnPvh);

    /// <summary>An HVM domain with PCI devices has maxmem other than memory.</summary>
    public const string PciWithPopulateOnDemand = nameof(PciWithPopulateOnDemand);

    /// <summary>Passthrough is switched off and PCI devices are listed.</summary>
    public const string PciWithPassthroughDisabled = nameof(PciWithPassthroughDisabled);

    /// <summary>The domain's name breaks the rules.</summary>
    public const string DomainNameInvalid = nameof(DomainNameInvalid);

    /// <summary>A PCI device is listed twice.</summary>
    public const string PciDeviceTwice = nameof(PciDeviceTwice);

    /// <summary>A back end is given as a domid.</summary>
    public const string BackendByDomid = nameof(BackendByDomid);

    /// <summary>Memory is missing or out of bounds.</summary>
    public const string MemoryOutOfBounds = nameof(MemoryOutOfBounds);

    /// <summary>A PV or PVH domain has nothing to boot.</summary>
    public const string NothingToBoot = nameof(NothingToBoot);

    /// <summary>A setting that xl does not know, and passes over without a word.</summary>
    public const string SettingIgnored = nameof(SettingIgnored);

    /// <summary>A number that begins with 0, which xl reads as octal.</summary>
    public const string NumberOctal = nameof(NumberOctal);

    /// <summary>A PCI device without its function; what xl makes of it is left to chance.</summary>
    public const string PciFunctionMissing = nameof(PciFunctionMissing);

    /// <summary>A PCI device with something behind its address that xl drops without a word.</summary>
    public const string PciTailIgnored = nameof(PciTailIgnored);

    /// <summary>A virtual slot that does not exist.</summary>
    public const string PciSlotOutOfRange = nameof(PciSlotOutOfRange);

    /// <summary>A switch of a PCI device that is neither 0 nor 1; xl takes any word for 0.</summary>
    public const string PciFlagNotBinary = nameof(PciFlagNotBinary);

    /// <summary>A key of a vif that xl does not know; it makes the vif all the same, with dom0 as the back end when that was the key.</summary>
    public const string VifKeyUnknown = nameof(VifKeyUnknown);

    /// <summary>An empty back end, which xl takes for dom0.</summary>
    public const string BackendEmpty = nameof(BackendEmpty);

    /// <summary>Blanks around a value, which xl takes as a part of it.</summary>
    public const string BlankInValue = nameof(BlankInValue);

    /// <summary>Blanks behind a comma: xl skips them, other readers do not.</summary>
    public const string BlankBehindComma = nameof(BlankBehindComma);

    /// <summary>An HVM guest with an emulated interface whose back end is not dom0: the emulated half stays with dom0.</summary>
    public const string EmulatedVifElsewhere = nameof(EmulatedVifElsewhere);

    /// <summary>A setting of an old file that cannot be carried over to xl.cfg.</summary>
    public const string ConversionRefused = nameof(ConversionRefused);

    /// <summary>A setting of an xm file with a value of a type that xm passes over: True, a tuple.</summary>
    public const string XmTypeIgnored = nameof(XmTypeIgnored);

    /// <summary>Something that running an xm file left to say.</summary>
    public const string XmRemark = nameof(XmRemark);

    /// <summary>The file asks for the machine it runs on, and was answered as on x86-64.</summary>
    public const string MachineAssumed = nameof(MachineAssumed);
}
