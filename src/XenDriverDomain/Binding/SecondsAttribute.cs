using System.Globalization;
using System.Management.Automation;

namespace XenDriverDomain.Binding;

/// <summary>
/// Lets a TimeSpan parameter take a number of seconds, as PowerShell's own -TimeoutSec parameters do; without it 30 would be 30
/// ticks. A TimeSpan, or its text with colons, is taken as it is.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class SecondsAttribute : ArgumentTransformationAttribute
{
    /// <summary>The longest time that makes sense for a wait.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        TimeSpan time = value switch
        {
            TimeSpan span => span,
            string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) =>
                FromSeconds(seconds),
            string text when TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan span) => span,
            IConvertible number and not string => FromSeconds(number.ToDouble(CultureInfo.InvariantCulture)),
            _ => throw new ArgumentTransformationMetadataException(
                $"'{value}' is no time: give a number of seconds, or a TimeSpan such as 00:02:00."),
        };
        return time > TimeSpan.Zero && time <= Longest
            ? time
            : throw new ArgumentTransformationMetadataException(
                $"'{value}' is no time to wait: it must be more than 0 and at most a day. Give a number of seconds, or a TimeSpan such "
                    + "as 00:02:00.");
    }

    private static TimeSpan FromSeconds(double seconds) =>
        double.IsFinite(seconds) && Math.Abs(seconds) <= Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
}
