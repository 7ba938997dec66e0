namespace XenDriverDomain.Errors;

public static partial class ErrorIds
{
    /// <summary>
    /// Settings of an old configuration cannot be carried over to xl.cfg; the message names each, its place and the reason.
    /// </summary>
    public const string ConfigConversionRefused = nameof(ConfigConversionRefused);

    /// <summary>A configuration is no domain's: an SXP file without <c>(vm …)</c>, <c>(domain …)</c> or a device.</summary>
    public const string ConfigNotADomain = nameof(ConfigNotADomain);

    /// <summary>A variable is given to a configuration that takes none, or twice.</summary>
    public const string ConfigVariableInvalid = nameof(ConfigVariableInvalid);

    /// <summary>A setting of an old file that cannot be carried over to xl.cfg.</summary>
    public const string ConversionRefused = nameof(ConversionRefused);

    /// <summary>A setting of an xm file with a value of a type that xm passes over: True, a tuple.</summary>
    public const string XmTypeIgnored = nameof(XmTypeIgnored);

    /// <summary>Something that running an xm file left to say.</summary>
    public const string XmRemark = nameof(XmRemark);

    /// <summary>The file asks for the machine it runs on, and was answered as on x86-64.</summary>
    public const string MachineAssumed = nameof(MachineAssumed);
}
