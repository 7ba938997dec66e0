using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Running;

/// <summary>What running a file needs besides its variables: the budget, comparison, text, calls. One for each run.</summary>
internal sealed class XmRuntime
{
    public XmRuntime(XmRunOptions options, Func<object, PyArguments, object> call, Action<XmMessageKind, string> say)
    {
        Options = options;
        Budget = new XmBudget(options.Limits);
        Comparer = new PyComparer(Budget);
        Keys = new PyKeyComparer(Comparer, Budget);
        Repr = new PyRepr(Budget);
        Percent = new PyPercentFormat(Budget, Repr);
        Call = call;
        Say = say;
    }

    public XmRunOptions Options { get; }

    public XmBudget Budget { get; }

    public PyComparer Comparer { get; }

    public PyKeyComparer Keys { get; }

    public PyRepr Repr { get; }

    public PyPercentFormat Percent { get; }

    /// <summary>Calls a function of the file or of Python.</summary>
    public Func<object, PyArguments, object> Call { get; }

    /// <summary>Adds a message.</summary>
    public Action<XmMessageKind, string> Say { get; }

    public object CallWith(object function, params object[] arguments) =>
        Call(function, new PyArguments("function", arguments, null));

    public PyString Text(string text, bool isUnicode = false, int origin = -1)
    {
        Budget.AllocateText(text.Length);
        return new PyString(text, isUnicode, origin);
    }

    public PyList List(IEnumerable<object> items)
    {
        List<object> list = [];
        Budget.AllocateItems(0);
        foreach (object item in items)
        {
            Budget.Allocate(16);
            list.Add(item);
        }

        return new PyList(list);
    }

    public PyTuple Tuple(params object[] items)
    {
        Budget.AllocateItems(items.Length);
        return new PyTuple(items);
    }

    public PyDict Dict()
    {
        Budget.Allocate(128);
        return new PyDict(Keys);
    }

    public void SetItem(PyDict dict, object key, object value)
    {
        Budget.Allocate(64);
        dict.Set(key, value);
    }

    public static bool IsTrue(object value) => value switch
    {
        bool flag => flag,
        PyNone => false,
        long number => number != 0,
        System.Numerics.BigInteger big => !big.IsZero,
        double real => real != 0,
        PyString text => text.Text.Length > 0,
        PyList list => list.Items.Count > 0,
        PyTuple tuple => tuple.Items.Count > 0,
        PyDict dict => dict.Count > 0,
        PySet set => set.Members.Count > 0,
        _ => true,
    };

    /// <summary>Goes through anything that can be gone through; a list may change meanwhile, as in Python.</summary>
    public IEnumerable<object> Iterate(object value)
    {
        switch (value)
        {
            case PyList list:
                return Live(list);
            case PyTuple tuple:
                return Counted(tuple.Items);
            case PyString text:
                return Characters(text);
            case PyDict dict:
                TellOrder(dict.Count, "dict");
                return Counted([.. dict.Entries.Select(e => e.Key)]);
            case PySet set:
                TellOrder(set.Members.Count, "set");
                return Counted([.. set.Items]);
            case PyIterator rest:
                return Counted(rest.Rest());
            default:
                throw PyRaise.TypeError($"'{PyType.NameOf(value)}' object is not iterable");
        }
    }

    public void TellOrder(int count, string type)
    {
        Budget.AllocateItems(count);
        if (count > 1)
        {
            Say(
                XmMessageKind.Remark,
                $"the file goes through a {type}; Python 2 has no order of its own for it, here it is the order of writing");
        }
    }

    private IEnumerable<object> Live(PyList list)
    {
        for (int i = 0; i < list.Items.Count; i++)
        {
            Budget.Step();
            yield return list.Items[i];
        }
    }

    private IEnumerable<object> Counted(IEnumerable<object> items)
    {
        foreach (object item in items)
        {
            Budget.Step();
            yield return item;
        }
    }

    private IEnumerable<object> Characters(PyString text)
    {
        foreach (char c in text.Text)
        {
            Budget.Allocate(48);
            yield return new PyString(c.ToString(), text.IsUnicode);
        }
    }
}
