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
}
