using System.Globalization;
using System.Management.Automation;

namespace XenDriverDomain.Binding;

/// <summary>
/// Reads a register or a mask as it is written, in decimal or with 0x in hexadecimal, and says of another text how that is done.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class RegisterNumberAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether the number is a set of 32 bits: PowerShell reads 0xffffffff as -1.</summary>
    public bool IsMask { get; set; }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            int bits when IsMask => unchecked((uint)bits),
            string text when text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
                && long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long number) => number,
            string text when !LanguagePrimitives.TryConvertTo(text, CultureInfo.InvariantCulture, out long _) =>
                throw new ArgumentTransformationMetadataException(
                    $"'{Terminal.Text.Show(text)}' is no number: a hexadecimal one begins with 0x, such as 0x98."),
            _ => inputData,
        };
    }
}
