using System.Globalization;
using System.Management.Automation;

namespace XenDriverDomain.Binding;

/// <summary>Says of a text that is no number how one is written, as registers and masks are: in hexadecimal, with 0x.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class RegisterNumberAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value is not string text ? inputData
            : LanguagePrimitives.TryConvertTo(text, CultureInfo.InvariantCulture, out long number) ? number
            : throw new ArgumentTransformationMetadataException(
                $"'{Terminal.Text.Show(text)}' is no number: a hexadecimal one begins with 0x, such as 0x98.");
    }
}
