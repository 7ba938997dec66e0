using XenDriverDomain.Xm.Running;
using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Library;

/// <summary>Subscripts, slices, + and * of strings, lists and tuples.</summary>
internal static class PySequences
{
    public static object Item(XmRuntime run, object target, object index)
    {
        switch (target)
        {
            case PyList list:
                return list.Items[At(index, list.Items.Count, "list")];
            case PyTuple tuple:
                return tuple.Items[At(index, tuple.Items.Count, "tuple")];
            case PyString text:
                return run.Text(text.Text[At(index, text.Text.Length, "string")].ToString(), text.IsUnicode, text.Origin);
            case PyDict dict:
                return dict.TryGet(index, out object value)
                    ? value
                    : throw new PyRaise(new(PyExceptionTypes.Get("KeyError"), [index]));
            default:
                throw PyRaise.TypeError($"'{PyType.NameOf(target)}' object has no attribute '__getitem__'");
        }
    }

    public static int At(object index, int count, string type)
    {
        if (index is not (long or bool))
        {
            throw PyRaise.TypeError($"{type} indices must be integers, not {PyType.NameOf(index)}");
        }

        long at = (long)PyMath.ToBig(index);
        at = at < 0 ? at + count : at;
        return at >= 0 && at < count ? (int)at : throw PyRaise.Of("IndexError", $"{type} index out of range");
    }

    /// <summary>The indexes of a slice, as Python computes them.</summary>
    public static (int Start, int Count, int Step) Range(object? start, object? stop, object? step, int length)
    {
        long by = Number(step) ?? 1;
        if (by == 0)
        {
            throw PyRaise.ValueError("slice step cannot be zero");
        }

        by = Math.Clamp(by, -int.MaxValue, int.MaxValue);
        long low = by < 0 ? -1 : 0;
        long high = by < 0 ? length - 1 : length;
        long from = Clamp(Number(start) ?? (by < 0 ? long.MaxValue : 0), start is null or PyNone);
        long to = Number(stop) is long end ? Clamp(end, false) : by < 0 ? -1 : length;
        long count = by > 0 ? (to - from + by - 1) / by : (from - to - by - 1) / -by;
        return ((int)from, (int)Math.Max(0, (by > 0 ? to > from : from > to) ? count : 0), (int)by);

        long Clamp(long value, bool isDefault)
        {
            value = value < 0 && !isDefault ? value + length : value;
            return Math.Clamp(value, low, high);
        }

        static long? Number(object? value) => value switch
        {
            null or PyNone => null,
            long number => number,
            bool flag => flag ? 1 : 0,
            System.Numerics.BigInteger big => big.Sign < 0 ? -int.MaxValue : int.MaxValue,
            _ => throw PyRaise.TypeError("slice indices must be integers or None or have an __index__ method"),
        };
    }

    public static object Slice(XmRuntime run, object target, object? start, object? stop, object? step)
    {
        int length = target switch
        {
            PyString text => text.Text.Length,
            PyList list => list.Items.Count,
            PyTuple tuple => tuple.Items.Count,
            _ => throw PyRaise.TypeError($"'{PyType.NameOf(target)}' object is unsliceable"),
        };
        (int from, int count, int by) = Range(start, stop, step, length);
        if (target is PyString s)
        {
            run.Budget.AllocateText(count);
            string part = by == 1 ? s.Text.Substring(Math.Min(from, length), count)
                : string.Create(count, (s.Text, from, by), static (span, a) =>
                {
                    for (int i = 0; i < span.Length; i++)
                    {
                        span[i] = a.Text[a.from + (i * a.by)];
                    }
                });
            return new PyString(part, s.IsUnicode, s.Origin);
        }

        run.Budget.AllocateItems(count);
        IReadOnlyList<object> items = target is PyList l ? l.Items : ((PyTuple)target).Items;
        List<object> taken = new(count);
        for (int i = 0; i < count; i++)
        {
            taken.Add(items[from + (i * by)]);
        }

        return target is PyList ? new PyList(taken) : new PyTuple(taken);
    }

    public static void SetSlice(XmRuntime run, PyList list, object? start, object? stop, object? step, IReadOnlyList<object> values)
    {
        (int from, int count, int by) = Range(start, stop, step, list.Items.Count);
        run.Budget.AllocateItems(values.Count + list.Items.Count);
        if (by == 1)
        {
            list.Items.RemoveRange(from, count);
            list.Items.InsertRange(from, values);
            return;
        }

        if (values.Count != count)
        {
            throw PyRaise.ValueError($"attempt to assign sequence of size {values.Count} to extended slice of size {count}");
        }

        for (int i = 0; i < count; i++)
        {
            list.Items[from + (i * by)] = values[i];
        }
    }

    /// <summary>+ of two sequences; null when they are none of one sort.</summary>
    public static object? Add(XmRuntime run, object left, object right)
    {
        switch (left, right)
        {
            case (PyString a, PyString b):
                CheckMix(a, b);
                run.Budget.AllocateText((long)a.Text.Length + b.Text.Length);
                return new PyString(a.Text + b.Text, a.IsUnicode || b.IsUnicode, a.Origin < 0 ? b.Origin : a.Origin);
            case (PyList a, PyList b):
                run.Budget.AllocateItems((long)a.Items.Count + b.Items.Count);
                return new PyList([.. a.Items, .. b.Items]);
            case (PyTuple a, PyTuple b):
                run.Budget.AllocateItems((long)a.Items.Count + b.Items.Count);
                return new PyTuple([.. a.Items, .. b.Items]);
            default:
                return null;
        }
    }

    /// <summary>* of a sequence and a number; null when they are not that.</summary>
    public static object? Repeat(XmRuntime run, object left, object right)
    {
        (object sequence, object times) = PyMath.IsIntegral(left) ? (right, left) : (left, right);
        if (!PyMath.IsIntegral(times) || sequence is not (PyString or PyList or PyTuple))
        {
            return null;
        }

        long count = (long)System.Numerics.BigInteger.Max(0, System.Numerics.BigInteger.Min(PyMath.ToBig(times), int.MaxValue));
        switch (sequence)
        {
            case PyString text:
                count = text.Text.Length == 0 ? 0 : count;
                run.Budget.AllocateText(count * text.Text.Length);
                string repeated = new System.Text.StringBuilder().Insert(0, text.Text, (int)count).ToString();
                return new PyString(repeated, text.IsUnicode, text.Origin);
            case PyList list:
                return new PyList(Repeat(run, list.Items, count));
            default:
                return new PyTuple(Repeat(run, ((PyTuple)sequence).Items, count));
        }
    }

    /// <summary>A byte above ASCII does not become a character by itself in Python 2.</summary>
    public static void CheckMix(PyString left, PyString right)
    {
        if (left.IsUnicode != right.IsUnicode && !System.Text.Ascii.IsValid(left.IsUnicode ? right.Text : left.Text))
        {
            throw PyRaise.Of("UnicodeDecodeError", "'ascii' codec can't decode byte: ordinal not in range(128)");
        }
    }

    private static List<object> Repeat(XmRuntime run, IReadOnlyList<object> items, long count)
    {
        count = items.Count == 0 ? 0 : count;
        run.Budget.AllocateItems(count * items.Count);
        List<object> made = new((int)count * items.Count);
        for (long i = 0; i < count; i++)
        {
            made.AddRange(items);
        }

        return made;
    }
}
