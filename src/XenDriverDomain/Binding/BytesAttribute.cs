using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace XenDriverDomain.Binding;

/// <summary>
/// Lets a parameter that takes a number of bytes take it as text with a unit, with or without its B: 384M, as xl's users write it, is
/// 384MB, as PowerShell reads it. A mere number is one of bytes.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed partial class BytesAttribute : ArgumentTransformationAttribute
{
    private const string Units = "KMGT";

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is not string text)
        {
            return inputData;
        }

        if (Size().Match(text.Trim()) is not { Success: true } match)
        {
            return LanguagePrimitives.TryConvertTo(text, CultureInfo.InvariantCulture, out long bytes) ? bytes
                : throw new ArgumentTransformationMetadataException(
                    $"'{Terminal.Text.Show(text)}' is no size: give a number of bytes, or one with a unit, such as 384MB or 1GB.");
        }

        int shift = 10 * (Units.IndexOf(char.ToUpperInvariant(match.Groups[2].ValueSpan[0]), StringComparison.Ordinal) + 1);
        return long.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long count)
            && count <= long.MaxValue >> shift
                ? count << shift
                : throw new ArgumentTransformationMetadataException($"'{text}' is more memory than there can be.");
    }

    [GeneratedRegex("^([0-9]+)([KMGT])(?:i?B)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Size();
}
