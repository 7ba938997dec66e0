using System.Numerics;
using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Running;

/// <summary>Equality of dict keys, as Python's ==.</summary>
internal sealed class PyKeyComparer(PyComparer values, XmBudget budget) : IEqualityComparer<object>
{
    public new bool Equals(object? x, object? y) => ReferenceEquals(x, y) || values.AreEqual(x!, y!);

    public int GetHashCode(object obj)
    {
        budget.Step();
        switch (obj)
        {
            case long number:
                return number.GetHashCode();
            case bool flag:
                return (flag ? 1L : 0L).GetHashCode();
            case BigInteger big:
                return PyNumbersHash(big);
            case double real:
                return real % 1 == 0 && !double.IsInfinity(real) ? PyNumbersHash(new BigInteger(real)) : real.GetHashCode();
            case PyString text:
                budget.Work(text.Text.Length);
                return string.GetHashCode(text.Text, StringComparison.Ordinal);
            case PyTuple tuple:
                HashCode hash = default;
                budget.Enter();
                foreach (object item in tuple.Items)
                {
                    hash.Add(GetHashCode(item));
                }

                budget.Leave();
                return hash.ToHashCode();
            case PyList or PyDict or PySet:
                throw PyRaise.TypeError($"unhashable type: '{PyType.NameOf(obj)}'");
            case PyType or PyExceptionType or PyNone:
                return obj.GetHashCode();
            default:
                return System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(obj);
        }
    }

    private static int PyNumbersHash(BigInteger value) =>
        value >= long.MinValue && value <= long.MaxValue ? ((long)value).GetHashCode() : value.GetHashCode();
}
