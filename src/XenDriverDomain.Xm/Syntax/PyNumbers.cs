using System.Numerics;

namespace XenDriverDomain.Xm.Syntax;

/// <summary>An int of Python 2 is a C long, here <see cref="long"/>; what does not fit is a long, here <see cref="BigInteger"/>.</summary>
internal static class PyNumbers
{
    /// <summary>The largest long that is computed, in bits; far above MAC addresses, UUIDs and memory sizes.</summary>
    public const int MaxBits = 4096;

    public static object Narrow(BigInteger value) =>
        value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;

    public static int DigitValue(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'z' => c - 'a' + 10,
        >= 'A' and <= 'Z' => c - 'A' + 10,
        _ => -1,
    };
}
