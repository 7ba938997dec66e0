namespace XenDriverDomain.Errors;

public static partial class ErrorIds
{
    /// <summary>Settings of an old configuration cannot be carried over to xl.cfg; the message names each, its place and the reason.</summary>
    public const string ConfigConversionRefused = nameof(ConfigConversionRefused);

    /// <summary>A configuration is no domain's: an SXP file without <c>(vm …)</c>, <c>(domain …)</c> or a device.</summary>
    public const string ConfigNotADomain = nameof(ConfigNotADomain);

    /// <summary>A variable is given to a configuration that takes none, or twice.</summary>
    public const string ConfigVariableInvalid = nameof(ConfigVariableInvalid);
}
