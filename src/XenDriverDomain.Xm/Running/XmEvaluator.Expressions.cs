using XenDriverDomain.Xm.Library;
using XenDriverDomain.Xm.Syntax;
using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Running;

/// <summary>This part has the expressions.</summary>
internal sealed partial class XmEvaluator
{
    private object Evaluate(XmExpression expression)
    {
        Runtime.Budget.Step();
        switch (expression)
        {
            case XmName name:
                return LookUp(name);
            case XmConstant constant:
                return constant.Value;
        }

        Runtime.Budget.Enter();
        object value = EvaluateInner(expression);
        Runtime.Budget.Leave();
        return value;
    }

    private object EvaluateInner(XmExpression expression)
    {
        switch (expression)
        {
            case XmCall call:
                return EvaluateCall(call);
            case XmBinary binary:
                object left = Evaluate(binary.Left);
                object right = Evaluate(binary.Right);
                Position = binary.Position;
                return Binary(binary.Operator, left, right);
            case XmAttribute attribute:
                return Attribute(Evaluate(attribute.Target), attribute);
            case XmCompare compare:
                return Compare(compare);
            case XmSubscript subscript:
                object target = Evaluate(subscript.Target);
                object index = Evaluate(subscript.Index);
                Position = subscript.Position;
                return PySequences.Item(Runtime, target, index);
            case XmSlice slice:
                return Slice(slice);
            case XmListDisplay list:
                Runtime.Budget.AllocateItems(list.Items.Count);
                return new PyList(EvaluateAll(list.Items));
            case XmTupleDisplay tuple:
                Runtime.Budget.AllocateItems(tuple.Items.Count);
                return new PyTuple(EvaluateAll(tuple.Items));
            case XmBoolean boolean:
                object first = Evaluate(boolean.Left);
                return XmRuntime.IsTrue(first) == boolean.IsAnd ? Evaluate(boolean.Right) : first;
            case XmConditional conditional:
                return Evaluate(XmRuntime.IsTrue(Evaluate(conditional.Test)) ? conditional.Then : conditional.Else);
            case XmUnary unary:
                return Unary(unary);
            case XmDictDisplay display:
                PyDict dict = Runtime.Dict();
                foreach ((XmExpression key, XmExpression item) in display.Items)
                {
                    object value = Evaluate(item);
                    Runtime.SetItem(dict, Evaluate(key), value);
                }

                return dict;
            case XmSetDisplay display:
                PySet set = new(Runtime.Keys);
                foreach (XmExpression item in display.Items)
                {
                    Runtime.Budget.Allocate(64);
                    set.Add(Evaluate(item));
                }

                return set;
            case XmComprehension comprehension:
                return Comprehend(comprehension);
            case XmLambda lambda:
                return new PyFunction(lambda.Code, EvaluateAll(lambda.Defaults), _scope);
            case XmRepr repr:
                return Runtime.Text(Runtime.Repr.Repr(Evaluate(repr.Operand)));
            default:
                throw XmRefusal.Unsupported("this expression");
        }
    }

    private List<object> EvaluateAll(IReadOnlyList<XmExpression> expressions)
    {
        List<object> values = new(expressions.Count);
        foreach (XmExpression expression in expressions)
        {
            values.Add(Evaluate(expression));
        }

        return values;
    }

    private object EvaluateCall(XmCall call)
    {
        object function = Evaluate(call.Function);
        List<object> positional = EvaluateAll(call.Arguments);
        Dictionary<string, object>? named = null;
        foreach ((string name, XmExpression value) in call.Named)
        {
            (named ??= new(StringComparer.Ordinal))[name] = Evaluate(value);
        }

        if (call.Star is not null)
        {
            positional.AddRange(Runtime.List(Runtime.Iterate(Evaluate(call.Star))).Items);
        }

        if (call.StarStar is not null)
        {
            PyDict rest = Evaluate(call.StarStar) as PyDict ?? throw PyRaise.TypeError("argument after ** must be a mapping");
            foreach ((object key, object value) in rest.Entries)
            {
                string name = key is PyString text ? text.Text : throw PyRaise.TypeError("keywords must be strings");
                if (!(named ??= new(StringComparer.Ordinal)).TryAdd(name, value))
                {
                    throw PyRaise.TypeError($"got multiple values for keyword argument '{name}'");
                }
            }
        }

        Runtime.Budget.AllocateItems(positional.Count);
        Position = call.Position;
        return Call(function, new PyArguments("function", positional, named));
    }

    private object Binary(string sign, object left, object right)
    {
        object? value = null;
        if (PyMath.IsNumber(left) && PyMath.IsNumber(right))
        {
            value = PyMath.Binary(sign, left, right);
        }
        else if (sign == "%" && left is PyString pattern)
        {
            value = Runtime.Percent.Format(pattern, right);
        }
        else if (sign == "+")
        {
            value = PySequences.Add(Runtime, left, right);
        }
        else if (sign == "*")
        {
            value = PySequences.Repeat(Runtime, left, right);
        }
        else if (sign is "|" or "&" or "-" or "^" && left is PySet a && right is PySet b)
        {
            value = PyCollectionMethods.Combine(Runtime, sign, a, b);
        }

        if (value is null && sign == "+" && left is PyString && right is not PyString)
        {
            throw PyRaise.TypeError($"cannot concatenate '{PyType.NameOf(left)}' and '{PyType.NameOf(right)}' objects");
        }

        return value ?? throw PyRaise.TypeError(
            $"unsupported operand type(s) for {sign}: '{PyType.NameOf(left)}' and '{PyType.NameOf(right)}'");
    }

    private object Unary(XmUnary unary)
    {
        object value = Evaluate(unary.Operand);
        Position = unary.Position;
        return unary.Operator switch
        {
            "not" => !XmRuntime.IsTrue(value),
            "-" when PyMath.IsNumber(value) => PyMath.Negate(value),
            "+" when PyMath.IsNumber(value) => value is bool flag ? (flag ? 1L : 0L) : value,
            "~" when PyMath.IsIntegral(value) => PyMath.Binary("-", PyMath.Negate(value), 1L)!,
            _ => throw PyRaise.TypeError($"bad operand type for unary {unary.Operator}: '{PyType.NameOf(value)}'"),
        };
    }

    private bool Compare(XmCompare compare)
    {
        object left = Evaluate(compare.First);
        foreach ((string sign, XmExpression operand) in compare.Rest)
        {
            object right = Evaluate(operand);
            Position = compare.Position;
            if (!Holds(sign, left, right))
            {
                return false;
            }

            left = right;
        }

        return true;
    }

    private bool Holds(string sign, object left, object right)
    {
        switch (sign)
        {
            case "==":
                return Runtime.Comparer.AreEqual(left, right);
            case "!=":
                return !Runtime.Comparer.AreEqual(left, right);
            case "in":
                return Runtime.Comparer.Contains(right, left);
            case "not in":
                return !Runtime.Comparer.Contains(right, left);
            case "is" or "is not":
                return IsSame(left, right) == (sign == "is");
            default:
                int order = Runtime.Comparer.Compare(left, right);

                // 2 is what a NaN gives: no order at all.
                return order != 2 && sign switch
                {
                    "<" => order < 0,
                    ">" => order > 0,
                    "<=" => order <= 0,
                    _ => order >= 0,
                };
        }
    }

    // Python keeps one object for each small int and each literal; whether others are one is nobody's promise.
    private static bool IsSame(object left, object right) => (left, right) switch
    {
        (bool a, bool b) => a == b,
        (bool, _) or (_, bool) => false,
        (long a, long b) => a == b,
        (PyString a, PyString b) => a.Text == b.Text,
        (PyType a, PyType b) => a.Equals(b),
        _ => ReferenceEquals(left, right),
    };

    private object Slice(XmSlice slice)
    {
        object target = Evaluate(slice.Target);
        object? start = slice.Start is null ? null : Evaluate(slice.Start);
        object? stop = slice.Stop is null ? null : Evaluate(slice.Stop);
        object? step = slice.Step is null ? null : Evaluate(slice.Step);
        Position = slice.Position;
        return PySequences.Slice(Runtime, target, start, stop, step);
    }

    private object Comprehend(XmComprehension comprehension)
    {
        XmScope outer = _scope;
        if (comprehension.Kind != '[')
        {
            Runtime.Budget.Allocate(256);
            _scope = new XmScope(outer, comprehension.Locals, isComprehension: true);
        }

        try
        {
            List<object> items = [];
            PyDict dict = Runtime.Dict();
            Go(comprehension, 0, () =>
            {
                object element = Evaluate(comprehension.Element);
                if (comprehension.Kind == ':')
                {
                    Runtime.SetItem(dict, element, Evaluate(comprehension.Value!));
                    return;
                }

                Runtime.Budget.Allocate(16);
                items.Add(element);
            });
            switch (comprehension.Kind)
            {
                case '[':
                    return new PyList(items);
                case '(':
                    return new PyIterator(items);
                case ':':
                    return dict;
                default:
                    PySet set = new(Runtime.Keys);
                    items.ForEach(set.Add);
                    return set;
            }
        }
        finally
        {
            _scope = outer;
        }
    }

    private void Go(XmComprehension comprehension, int clause, Action make)
    {
        if (clause == comprehension.Clauses.Count)
        {
            make();
            return;
        }

        Runtime.Budget.Enter();
        XmComprehensionClause current = comprehension.Clauses[clause];
        if (current.Target is null)
        {
            if (XmRuntime.IsTrue(Evaluate(current.Source)))
            {
                Go(comprehension, clause + 1, make);
            }
        }
        else
        {
            foreach (object item in Runtime.Iterate(Evaluate(current.Source)))
            {
                Assign(current.Target, item);
                Go(comprehension, clause + 1, make);
            }
        }

        Runtime.Budget.Leave();
    }
}
