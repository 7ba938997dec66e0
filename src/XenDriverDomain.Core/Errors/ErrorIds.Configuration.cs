namespace XenDriverDomain.Errors;

public static partial class ErrorIds
{
    /// <summary>A configuration file breaks the language's grammar; the message names file, line and column.</summary>
    public const string ConfigSyntaxError = nameof(ConfigSyntaxError);

    /// <summary>A setting's value is not of the sort that the setting takes.</summary>
    public const string ConfigValueInvalid = nameof(ConfigValueInvalid);

    /// <summary>A configuration lacks a setting that it needs.</summary>
    public const string ConfigSettingMissing = nameof(ConfigSettingMissing);

    /// <summary>A value cannot be written in xl.cfg's language.</summary>
    public const string ConfigNotExpressible = nameof(ConfigNotExpressible);

    /// <summary>A PCI device specification is malformed.</summary>
    public const string PciSpecMalformed = nameof(PciSpecMalformed);

    /// <summary>A network interface specification is malformed.</summary>
    public const string VifSpecMalformed = nameof(VifSpecMalformed);

    /// <summary>A disk specification is malformed.</summary>
    public const string DiskSpecMalformed = nameof(DiskSpecMalformed);

    /// <summary>A text cannot be the name of a bridge or a network interface.</summary>
    public const string InterfaceNameMalformed = nameof(InterfaceNameMalformed);

    /// <summary>An amount of memory is malformed, not whole MiB, or out of bounds.</summary>
    public const string MemorySizeMalformed = nameof(MemorySizeMalformed);

    /// <summary>An xm file uses a part of Python that is not run here; the message names the construct and its place.</summary>
    public const string XmConstructUnsupported = nameof(XmConstructUnsupported);

    /// <summary>An xm file reaches outside itself: files, programs, network, environment, clock.</summary>
    public const string XmAccessRefused = nameof(XmAccessRefused);

    /// <summary>An xm file ended with an exception of its own; the message has its text.</summary>
    public const string XmScriptFailed = nameof(XmScriptFailed);

    /// <summary>Running an xm file takes too many steps, too much memory or too deep nesting.</summary>
    public const string XmLimitExceeded = nameof(XmLimitExceeded);

    /// <summary>A variable of the command line does not fit the option of xm that it names.</summary>
    public const string XmVariableInvalid = nameof(XmVariableInvalid);

    /// <summary>A PVH domain lists PCI devices.</summary>
    public const string PciOnPvh = nameof(PciOnPvh);

    /// <summary>An HVM domain with PCI devices has maxmem other than memory.</summary>
    public const string PciWithPopulateOnDemand = nameof(PciWithPopulateOnDemand);

    /// <summary>Passthrough is switched off and PCI devices are listed.</summary>
    public const string PciWithPassthroughDisabled = nameof(PciWithPassthroughDisabled);

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

    /// <summary>
    /// A key of a vif that xl does not know; it makes the vif all the same, with dom0 as the back end when that was the key.
    /// </summary>
    public const string VifKeyUnknown = nameof(VifKeyUnknown);

    /// <summary>An empty back end, which xl takes for dom0.</summary>
    public const string BackendEmpty = nameof(BackendEmpty);

    /// <summary>Blanks around a value, which xl takes as a part of it.</summary>
    public const string BlankInValue = nameof(BlankInValue);

    /// <summary>Blanks behind a comma: xl skips them, other readers do not.</summary>
    public const string BlankBehindComma = nameof(BlankBehindComma);

    /// <summary>An HVM guest with an emulated interface whose back end is not dom0: the emulated half stays with dom0.</summary>
    public const string EmulatedVifElsewhere = nameof(EmulatedVifElsewhere);
}
