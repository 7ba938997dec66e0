using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Running;

/// <summary>==, &lt; and in, as Python 2 has them: values of different types compare too, None below all, numbers below the rest.</summary>
internal sealed class PyComparer(XmBudget budget)
{
    public bool AreEqual(object left, object right)
    {
        budget.Step();
        switch (left, right)
        {
            case (PyString a, PyString b):
                budget.Work(Math.Min(a.Text.Length, b.Text.Length));
                return a.Text == b.Text;
            case (long a, long b):
                return a == b;
            case (PyList a, PyList b):
                return SequencesEqual(a.Items, b.Items);
            case (PyTuple a, PyTuple b):
                return SequencesEqual(a.Items, b.Items);
            case (PyDict a, PyDict b):
                return DictsEqual(a, b);
            case (PySet a, PySet b):
                return DictsEqual(a.Members, b.Members);
            case (PyType a, PyType b):
                return a.Equals(b);
            case (PyExceptionType a, PyExceptionType b):
                return a.Name == b.Name;
        }

        return PyMath.IsNumber(left) && PyMath.IsNumber(right) ? PyMath.Compare(left, right) == 0 : ReferenceEquals(left, right);
    }

    public int Compare(object left, object right)
    {
        budget.Step();
        switch (left, right)
        {
            case (long a, long b):
                return a.CompareTo(b);
            case (PyString a, PyString b):
                budget.Work(Math.Min(a.Text.Length, b.Text.Length));
                return string.CompareOrdinal(a.Text, b.Text);
            case (PyList a, PyList b):
                return CompareSequences(a.Items, b.Items);
            case (PyTuple a, PyTuple b):
                return CompareSequences(a.Items, b.Items);
        }

        if (PyMath.IsNumber(left) && PyMath.IsNumber(right))
        {
            return PyMath.Compare(left, right);
        }

        if (ReferenceEquals(left, right))
        {
            return 0;
        }

        (string first, string second) = (RankOf(left), RankOf(right));
        return first != second
            ? string.CompareOrdinal(first, second)
            : throw XmRefusal.Unsupported($"an order of two values of the type {PyType.NameOf(left)}");
    }

    public bool Contains(object container, object item)
    {
        switch (container)
        {
            case PyString text:
                if (item is not PyString part)
                {
                    throw PyRaise.TypeError($"'in <string>' requires string as left operand, not {PyType.NameOf(item)}");
                }

                budget.Work((long)text.Text.Length * Math.Clamp(part.Text.Length, 1, 64));
                return text.Text.Contains(part.Text, StringComparison.Ordinal);
            case PyDict dict:
                return dict.TryGet(item, out _);
            case PySet set:
                return set.Members.TryGet(item, out _);
            case PyList list:
                return list.Items.Any(i => ReferenceEquals(i, item) || AreEqual(i, item));
            case PyTuple tuple:
                return tuple.Items.Any(i => ReferenceEquals(i, item) || AreEqual(i, item));
            case PyIterator rest:
                return rest.Rest().Any(i => AreEqual(i, item));
            default:
                throw PyRaise.TypeError($"argument of type '{PyType.NameOf(container)}' is not iterable");
        }
    }

    private static string RankOf(object value) =>
        value is PyNone ? string.Empty : PyMath.IsNumber(value) ? " " : PyType.NameOf(value);

    private bool SequencesEqual(IReadOnlyList<object> left, IReadOnlyList<object> right)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        budget.Enter();
        bool isEqual = true;
        int at = 0;
        for (; isEqual && at < left.Count; at++)
        {
            isEqual = ReferenceEquals(left[at], right[at]) || AreEqual(left[at], right[at]);
        }

        budget.Work(at);

        budget.Leave();
        return isEqual;
    }

    private bool DictsEqual(PyDict left, PyDict right)
    {
        budget.Enter();
        bool isEqual = left.Count == right.Count
            && left.Entries.All(e =>
                right.TryGet(e.Key, out object value) && (ReferenceEquals(value, e.Value) || AreEqual(value, e.Value)));
        budget.Leave();
        return isEqual;
    }

    private int CompareSequences(IReadOnlyList<object> left, IReadOnlyList<object> right)
    {
        budget.Enter();
        int order = 0;
        int at = 0;
        for (; order == 0 && at < Math.Min(left.Count, right.Count); at++)
        {
            order = ReferenceEquals(left[at], right[at]) || AreEqual(left[at], right[at]) ? 0 : Compare(left[at], right[at]);
        }

        // Elements that are the same object cost nothing but the way past them.
        budget.Work(at);

        budget.Leave();
        return order != 0 ? order : left.Count.CompareTo(right.Count);
    }
}
