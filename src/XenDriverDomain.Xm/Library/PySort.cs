using XenDriverDomain.Xm.Running;
using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Library;

/// <summary>sort() and sorted(): stable, with cmp, key and reverse.</summary>
internal static class PySort
{
    public static List<object> Sort(XmRuntime run, IReadOnlyList<object> items, PyArguments arguments, int first)
    {
        arguments.ExpectNames("cmp", "key", "reverse");
        object? compare = arguments.Find("cmp", first) is { } c and not PyNone ? c : null;
        object? key = arguments.Find("key", first + 1) is { } k and not PyNone ? k : null;
        bool isReverse = arguments.Find("reverse", first + 2) is { } r && XmRuntime.IsTrue(r);
        run.Budget.AllocateItems(items.Count * 3L);
        object[] keys = [.. items.Select(i => key is null ? i : run.CallWith(key, i))];
        int[] order = [.. Enumerable.Range(0, keys.Length)];
        Merge(order, new int[order.Length], 0, order.Length, Less);
        return [.. order.Select(i => items[i])];

        // Equal elements keep their order, also in reverse.
        bool Less(int a, int b)
        {
            run.Budget.Step();
            (object x, object y) = isReverse ? (keys[b], keys[a]) : (keys[a], keys[b]);
            return compare is null ? run.Comparer.Compare(x, y) < 0
                : run.CallWith(compare, x, y) is var result && PyMath.IsIntegral(result) ? PyMath.Compare(result, 0L) < 0
                : throw PyRaise.TypeError("comparison function must return int");
        }
    }

    private static void Merge(int[] items, int[] spare, int start, int end, Func<int, int, bool> less)
    {
        if (end - start < 2)
        {
            return;
        }

        int middle = (start + end) / 2;
        Merge(items, spare, start, middle, less);
        Merge(items, spare, middle, end, less);
        Array.Copy(items, start, spare, start, end - start);
        int left = start;
        int right = middle;
        for (int i = start; i < end; i++)
        {
            bool takesRight = right < end && (left == middle || less(spare[right], spare[left]));
            items[i] = takesRight ? spare[right++] : spare[left++];
        }
    }
}
