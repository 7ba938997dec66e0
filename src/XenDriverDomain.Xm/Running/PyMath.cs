using System.Numerics;
using XenDriverDomain.Xm.Syntax;
using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Running;

/// <summary>Arithmetic of Python 2: int that grows into long, division that rounds down, float.</summary>
internal static class PyMath
{
    public static bool IsNumber(object value) => value is long or bool or BigInteger or double;

    public static bool IsIntegral(object value) => value is long or bool or BigInteger;

    public static BigInteger ToBig(object value) => value switch
    {
        long number => number,
        bool flag => flag ? BigInteger.One : BigInteger.Zero,
        BigInteger big => big,
        _ => throw PyRaise.TypeError($"an integer is required, not {PyType.NameOf(value)}"),
    };

    public static double ToDouble(object value)
    {
        double real = value switch
        {
            double d => d,
            long number => number,
            bool flag => flag ? 1 : 0,
            BigInteger big => (double)big,
            _ => throw PyRaise.TypeError("a float is required"),
        };
        return double.IsInfinity(real) && value is BigInteger
            ? throw PyRaise.Of("OverflowError", "long int too large to convert to float")
            : real;
    }

    public static int Compare(object left, object right)
    {
        if (left is double || right is double)
        {
            double a = ToDouble(left);
            double b = ToDouble(right);
            return a < b ? -1 : a > b ? 1 : a == b ? 0 : 2;
        }

        return ToBig(left).CompareTo(ToBig(right));
    }

    public static object Negate(object value) => value switch
    {
        double real => -real,
        BigInteger big => -big,
        _ => PyNumbers.Narrow(-ToBig(value)),
    };

    /// <summary>Both are numbers. Null when the operator does not apply to them.</summary>
    public static object? Binary(string sign, object left, object right)
    {
        if (left is double || right is double)
        {
            return Real(sign, ToDouble(left), ToDouble(right));
        }

        if (left is long a && right is long b && Small(sign, a, b) is long small)
        {
            return small;
        }

        if (left is bool x && right is bool y)
        {
            switch (sign)
            {
                case "&":
                    return x & y;
                case "|":
                    return x | y;
                case "^":
                    return x ^ y;
            }
        }

        object? result = Big(sign, ToBig(left), ToBig(right));
        if (result is not BigInteger big)
        {
            return result;
        }

        if (big.GetBitLength() > PyNumbers.MaxBits)
        {
            throw new XmLimitException($"a number has more than {PyNumbers.MaxBits} bits");
        }

        // Once long, always long; an int becomes long when it must.
        return left is BigInteger || right is BigInteger ? big : PyNumbers.Narrow(big);
    }

    private static long? Small(string sign, long a, long b)
    {
        switch (sign)
        {
            case "+":
                long sum = unchecked(a + b);
                return ((a ^ sum) & (b ^ sum)) < 0 ? null : sum;
            case "-":
                long difference = unchecked(a - b);
                return ((a ^ b) & (a ^ difference)) < 0 ? null : difference;
            case "&":
                return a & b;
            case "|":
                return a | b;
            case "^":
                return a ^ b;
            case "/" or "//" when b > 0:
                long quotient = a / b;
                return a % b < 0 ? quotient - 1 : quotient;
            case "%" when b > 0:
                long rest = a % b;
                return rest < 0 ? rest + b : rest;
            default:
                return null;
        }
    }

    private static object? Big(string sign, BigInteger a, BigInteger b)
    {
        switch (sign)
        {
            case "+":
                return a + b;
            case "-":
                return a - b;
            case "*":
                return a * b;
            case "/" or "//":
                return Floor(a, b, "integer division or modulo by zero");
            case "%":
                return a - (Floor(a, b, "integer division or modulo by zero") * b);
            case "&":
                return a & b;
            case "|":
                return a | b;
            case "^":
                return a ^ b;
            case "<<" or ">>":
                return Shift(a, sign == "<<" ? b : -b, b);
            case "**":
                return Power(a, b);
            default:
                return null;
        }
    }

    private static BigInteger Floor(BigInteger a, BigInteger b, string error)
    {
        if (b.IsZero)
        {
            throw PyRaise.Of("ZeroDivisionError", error);
        }

        BigInteger quotient = BigInteger.DivRem(a, b, out BigInteger rest);
        return !rest.IsZero && rest.Sign != b.Sign ? quotient - 1 : quotient;
    }

    private static BigInteger Shift(BigInteger value, BigInteger left, BigInteger count)
    {
        if (count.Sign < 0)
        {
            throw PyRaise.ValueError("negative shift count");
        }

        if (left > PyNumbers.MaxBits && !value.IsZero)
        {
            throw new XmLimitException($"a number has more than {PyNumbers.MaxBits} bits");
        }

        return left < -PyNumbers.MaxBits ? (value.Sign < 0 ? BigInteger.MinusOne : BigInteger.Zero)
            : left.Sign >= 0 ? value << (int)BigInteger.Min(left, PyNumbers.MaxBits) : value >> (int)-left;
    }

    private static object Power(BigInteger a, BigInteger b)
    {
        if (b.Sign < 0)
        {
            return a.IsZero
                ? throw PyRaise.Of("ZeroDivisionError", "0.0 cannot be raised to a negative power")
                : Math.Pow(ToDouble(a), ToDouble(b));
        }

        if (BigInteger.Abs(a) > 1 && b * (a.GetBitLength() - 1) > PyNumbers.MaxBits)
        {
            throw new XmLimitException($"a number has more than {PyNumbers.MaxBits} bits");
        }

        return BigInteger.Abs(a) <= 1
            ? a.IsZero ? (b.IsZero ? BigInteger.One : BigInteger.Zero) : a.IsOne || b.IsEven ? BigInteger.One : BigInteger.MinusOne
            : BigInteger.Pow(a, (int)b);
    }

    private static double? Real(string sign, double a, double b)
    {
        switch (sign)
        {
            case "+":
                return a + b;
            case "-":
                return a - b;
            case "*":
                return a * b;
            case "/":
                return b == 0 ? throw PyRaise.Of("ZeroDivisionError", "float division by zero") : a / b;
            case "//":
                return b == 0 ? throw PyRaise.Of("ZeroDivisionError", "float divmod()") : Math.Floor((a - Modulo(a, b)) / b + 0.5);
            case "%":
                return b == 0 ? throw PyRaise.Of("ZeroDivisionError", "float modulo") : Modulo(a, b);
            case "**":
                double power = Math.Pow(a, b);
                return a == 0 && b < 0 ? throw PyRaise.Of("ZeroDivisionError", "0.0 cannot be raised to a negative power")
                    : double.IsNaN(power) && !double.IsNaN(a) && !double.IsNaN(b)
                        ? throw PyRaise.ValueError("negative number cannot be raised to a fractional power")
                    : double.IsInfinity(power) && !double.IsInfinity(a) && !double.IsInfinity(b)
                        ? throw PyRaise.Of("OverflowError", "(34, 'Numerical result out of range')")
                    : power;
            default:
                return null;
        }
    }

    private static double Modulo(double a, double b)
    {
        double rest = a % b;
        return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
    }
}
