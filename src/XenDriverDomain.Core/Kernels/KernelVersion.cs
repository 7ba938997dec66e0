using System.Globalization;
using System.Text.RegularExpressions;

namespace XenDriverDomain.Kernels;

/// <summary>The version of a kernel, out of a release (6.1.0-28-amd64) or the head of a configuration.</summary>
internal static partial class KernelVersion
{
    private const int ShownLength = 64;

    /// <summary>The first two or three numbers of a release; null when it has none.</summary>
    public static Version? Parse(string release)
    {
        Match match = Numbers().Match(release);
        return match.Success
            ? new Version(Number(match.Groups[1]), Number(match.Groups[2]), match.Groups[3].Success ? Number(match.Groups[3]) : 0)
            : null;
    }

    /// <summary>
    /// The release in a comment at the head of a configuration: <c># Linux/x86 6.1.192 Kernel Configuration</c> and, before 2.6.39,
    /// <c># Linux kernel version: 2.6.18.8</c> (scripts/kconfig/confdata.c); null for any other line.
    /// </summary>
    public static string? FindRelease(string line)
    {
        Match match = Head().Match(line);
        return match.Success
            ? Terminal.Text.Show(match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value, ShownLength)
            : null;
    }

    private static int Number(Group digits) => int.Parse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^([0-9]{1,4})\.([0-9]{1,4})(?:\.([0-9]{1,4}))?")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"^# Linux(?:/\S{1,32} (\S{1,64}) Kernel Configuration| kernel version: (\S{1,64}))\s*$")]
    private static partial Regex Head();
}
