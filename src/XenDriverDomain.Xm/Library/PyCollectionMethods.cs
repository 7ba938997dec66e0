using XenDriverDomain.Xm.Running;
using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Library;

/// <summary>The methods of list, tuple, dict and set.</summary>
internal static class PyCollectionMethods
{
    public static bool Has(object target, string name) => target switch
    {
        PyList => name is "append" or "extend" or "insert" or "remove" or "pop" or "sort" or "reverse" or "index" or "count",
        PyTuple => name is "index" or "count",
        PyDict => name is "get" or "keys" or "values" or "items" or "has_key" or "setdefault" or "update" or "pop" or "copy" or "clear"
            or "iterkeys" or "itervalues" or "iteritems",
        PySet => name is "add" or "discard" or "remove" or "union" or "intersection" or "difference" or "update",
        _ => false,
    };

    public static object Call(XmRuntime run, object target, PyArguments arguments) => target switch
    {
        PyList list => CallList(run, list, arguments),
        PyTuple tuple => Search(run, tuple.Items, arguments, "tuple.index(x): x not in tuple"),
        PyDict dict => CallDict(run, dict, arguments),
        _ => CallSet(run, (PySet)target, arguments),
    };

    private static long Search(XmRuntime run, IReadOnlyList<object> items, PyArguments arguments, string missing)
    {
        arguments.Expect(1, 1);
        if (arguments.Name == "count")
        {
            return items.Count(i => run.Comparer.AreEqual(i, arguments[0]));
        }

        int at = IndexOf(run, items, arguments[0]);
        return at >= 0 ? at : throw PyRaise.ValueError(missing);
    }

    private static int IndexOf(XmRuntime run, IReadOnlyList<object> items, object wanted)
    {
        for (int i = 0; i < items.Count; i++)
        {
            if (run.Comparer.AreEqual(items[i], wanted))
            {
                return i;
            }
        }

        return -1;
    }

    private static object CallList(XmRuntime run, PyList list, PyArguments arguments)
    {
        List<object> items = list.Items;
        switch (arguments.Name)
        {
            case "append":
                arguments.Expect(1, 1);
                run.Budget.Allocate(32);
                items.Add(arguments[0]);
                break;
            case "extend":
                arguments.Expect(1, 1);
                items.AddRange(run.List(run.Iterate(arguments[0])).Items);
                break;
            case "insert":
                arguments.Expect(2, 2);
                run.Budget.AllocateItems(items.Count / 8);
                long at = arguments.Long(0);
                items.Insert((int)Math.Clamp(at < 0 ? at + items.Count : at, 0, items.Count), arguments[1]);
                break;
            case "remove":
                arguments.Expect(1, 1);
                int found = IndexOf(run, items, arguments[0]);
                run.Budget.Work(items.Count);
                items.RemoveAt(found >= 0 ? found : throw PyRaise.ValueError("list.remove(x): x not in list"));
                break;
            case "pop":
                arguments.Expect(0, 1);
                if (items.Count == 0)
                {
                    throw PyRaise.Of("IndexError", "pop from empty list");
                }

                int index = PySequences.At(arguments.Count > 0 ? arguments[0] : -1L, items.Count, "pop");
                object popped = items[index];
                run.Budget.Work(items.Count - index);
                items.RemoveAt(index);
                return popped;
            case "sort":
                List<object> sorted = PySort.Sort(run, items, arguments, 0);
                items.Clear();
                items.AddRange(sorted);
                break;
            case "reverse":
                arguments.Expect(0, 0);
                run.Budget.Work(items.Count);
                items.Reverse();
                break;
            default:
                return Search(run, items, arguments, "list.index(x): x not in list");
        }

        return PyNone.Value;
    }

    private static object CallDict(XmRuntime run, PyDict dict, PyArguments arguments)
    {
        switch (arguments.Name)
        {
            case "get" or "setdefault":
                arguments.Expect(1, 2);
                if (dict.TryGet(arguments[0], out object value))
                {
                    return value;
                }

                value = arguments.Count > 1 ? arguments[1] : PyNone.Value;
                if (arguments.Name == "setdefault")
                {
                    run.SetItem(dict, arguments[0], value);
                }

                return value;
            case "has_key":
                arguments.Expect(1, 1);
                return dict.TryGet(arguments[0], out _);
            case "keys" or "iterkeys":
                return Listed(run, dict, arguments, e => e.Key);
            case "values" or "itervalues":
                return Listed(run, dict, arguments, e => e.Value);
            case "items" or "iteritems":
                return Listed(run, dict, arguments, e => run.Tuple(e.Key, e.Value));
            case "update":
                Update(run, dict, arguments);
                return PyNone.Value;
            case "pop":
                arguments.Expect(1, 2);
                bool exists = dict.TryGet(arguments[0], out object popped);
                dict.Remove(arguments[0]);
                return exists ? popped
                    : arguments.Count > 1 ? arguments[1]
                    : throw new PyRaise(new(PyExceptionTypes.Get("KeyError"), [arguments[0]]));
            case "copy":
                PyDict copy = run.Dict();
                foreach ((object key, object item) in dict.Entries)
                {
                    run.SetItem(copy, key, item);
                }

                return copy;
            default:
                dict.Clear();
                return PyNone.Value;
        }
    }

    private static object Listed(
        XmRuntime run, PyDict dict, PyArguments arguments, Func<KeyValuePair<object, object>, object> take)
    {
        arguments.Expect(0, 0);
        run.TellOrder(dict.Count, "dict");
        PyList list = run.List(dict.Entries.Select(take));
        return arguments.Name.StartsWith("iter", StringComparison.Ordinal) ? new PyIterator(list.Items) : list;
    }

    /// <summary>What dict() and update() take: a dict, pairs, names.</summary>
    public static void Update(XmRuntime run, PyDict dict, PyArguments arguments)
    {
        if (arguments.Count > 1)
        {
            throw PyRaise.TypeError($"{arguments.Name} expected at most 1 arguments, got {arguments.Count}");
        }

        if (arguments.Count == 1 && arguments[0] is PyDict other)
        {
            foreach ((object key, object value) in other.Entries.ToArray())
            {
                run.SetItem(dict, key, value);
            }
        }
        else if (arguments.Count == 1)
        {
            foreach (object pair in run.Iterate(arguments[0]))
            {
                List<object> two = run.List(run.Iterate(pair)).Items;
                if (two.Count != 2)
                {
                    throw PyRaise.ValueError("dictionary update sequence element has another length than 2");
                }

                run.SetItem(dict, two[0], two[1]);
            }
        }

        foreach ((string name, object value) in arguments.Named ?? new Dictionary<string, object>())
        {
            run.SetItem(dict, new PyString(name), value);
        }
    }

    private static object CallSet(XmRuntime run, PySet set, PyArguments arguments)
    {
        arguments.Expect(1, 1);
        run.Budget.Allocate(64);
        switch (arguments.Name)
        {
            case "add":
                set.Add(arguments[0]);
                return PyNone.Value;
            case "discard" or "remove":
                bool removed = set.Members.Remove(arguments[0]);
                return removed || arguments.Name == "discard"
                    ? PyNone.Value
                    : throw new PyRaise(new(PyExceptionTypes.Get("KeyError"), [arguments[0]]));
            case "update":
                foreach (object item in run.Iterate(arguments[0]))
                {
                    run.Budget.Allocate(64);
                    set.Add(item);
                }

                return PyNone.Value;
            default:
                PySet other = new(run.Keys);
                foreach (object item in run.Iterate(arguments[0]))
                {
                    run.Budget.Allocate(64);
                    other.Add(item);
                }

                return Combine(run, arguments.Name switch { "union" => "|", "intersection" => "&", _ => "-" }, set, other);
        }
    }

    /// <summary>|, &amp;, - and ^ of two sets.</summary>
    public static PySet Combine(XmRuntime run, string sign, PySet left, PySet right)
    {
        PySet made = new(run.Keys);
        run.Budget.AllocateItems(4L * (left.Members.Count + right.Members.Count));
        foreach (object item in left.Items)
        {
            if (sign == "|" || right.Members.TryGet(item, out _) == (sign == "&"))
            {
                made.Add(item);
            }
        }

        if (sign is "|" or "^")
        {
            foreach (object item in right.Items.Where(i => sign == "|" || !left.Members.TryGet(i, out _)))
            {
                made.Add(item);
            }
        }

        return made;
    }
}
