using XenDriverDomain.Xm.Library;
using XenDriverDomain.Xm.Syntax;
using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Running;

/// <summary>This part has the statements.</summary>
internal sealed partial class XmEvaluator
{
    private XmFlow RunBlock(IReadOnlyList<XmStatement> statements)
    {
        Runtime.Budget.Enter();
        XmFlow flow = XmFlow.Next;
        for (int i = 0; flow == XmFlow.Next && i < statements.Count; i++)
        {
            flow = Run(statements[i]);
        }

        Runtime.Budget.Leave();
        return flow;
    }

    private XmFlow Run(XmStatement statement)
    {
        Runtime.Budget.Step();
        Position = statement.Position;
        switch (statement)
        {
            case XmAssign assign:
                object value = Evaluate(assign.Value);
                foreach (XmExpression target in assign.Targets)
                {
                    Assign(target, value);
                }

                return XmFlow.Next;
            case XmExpressionStatement expression:
                Evaluate(expression.Expression);
                return XmFlow.Next;
            case XmAugmentedAssign augmented:
                Augment(augmented);
                return XmFlow.Next;
            case XmIf choice:
                return RunBlock(XmRuntime.IsTrue(Evaluate(choice.Test)) ? choice.Then : choice.Else);
            case XmFor loop:
                return RunFor(loop);
            case XmWhile loop:
                return RunWhile(loop);
            case XmDefine define:
                _scope.Set(define.Code.Name, new PyFunction(define.Code, EvaluateAll(define.Defaults), _scope), define.Position);
                return XmFlow.Next;
            case XmReturn leave:
                _returned = leave.Value is null ? PyNone.Value : Evaluate(leave.Value);
                return XmFlow.Return;
            case XmBreak:
                return XmFlow.Break;
            case XmContinue:
                return XmFlow.Continue;
            case XmRaise raise:
                throw Raise(raise);
            case XmTry attempt:
                return RunTry(attempt);
            case XmAssert assert:
                if (!XmRuntime.IsTrue(Evaluate(assert.Test)))
                {
                    throw new PyRaise(new(
                        PyExceptionTypes.Get("AssertionError"), assert.Message is null ? [] : [Evaluate(assert.Message)]));
                }

                return XmFlow.Next;
            case XmDelete delete:
                foreach (XmExpression target in delete.Targets)
                {
                    Delete(target);
                }

                return XmFlow.Next;
            case XmPrint print:
                RunPrint(print);
                return XmFlow.Next;
            case XmImport import:
                Import(import);
                return XmFlow.Next;
            default:
                return XmFlow.Next;
        }
    }

    private void Assign(XmExpression target, object value)
    {
        Runtime.Budget.Step();
        switch (target)
        {
            case XmName name:
                _scope.Set(name.Name, value, name.Position);
                break;
            case XmTupleDisplay tuple:
                Unpack(tuple.Items, value);
                break;
            case XmListDisplay list:
                Unpack(list.Items, value);
                break;
            case XmSubscript subscript:
                object container = Evaluate(subscript.Target);
                SetItem(container, Evaluate(subscript.Index), value, subscript.Position);
                break;
            case XmSlice slice:
                PyList sliced = Evaluate(slice.Target) as PyList ?? throw PyRaise.TypeError("object does not support slice assignment");
                object? start = slice.Start is null ? null : Evaluate(slice.Start);
                object? stop = slice.Stop is null ? null : Evaluate(slice.Stop);
                object? step = slice.Step is null ? null : Evaluate(slice.Step);
                PySequences.SetSlice(Runtime, sliced, start, stop, step, Runtime.List(Runtime.Iterate(value)).Items);
                break;
        }
    }

    private void Unpack(IReadOnlyList<XmExpression> targets, object value)
    {
        List<object> items = Runtime.List(Runtime.Iterate(value)).Items;
        if (items.Count != targets.Count)
        {
            throw PyRaise.ValueError(items.Count > targets.Count
                ? "too many values to unpack"
                : $"need more than {items.Count} value{(items.Count == 1 ? string.Empty : "s")} to unpack");
        }

        Runtime.Budget.Enter();
        for (int i = 0; i < items.Count; i++)
        {
            Assign(targets[i], items[i]);
        }

        Runtime.Budget.Leave();
    }

    private void SetItem(object container, object index, object value, int position)
    {
        Position = position;
        switch (container)
        {
            case PyList list:
                list.Items[PySequences.At(index, list.Items.Count, "list assignment")] = value;
                break;
            case PyDict dict:
                Runtime.SetItem(dict, index, value);
                break;
            default:
                throw PyRaise.TypeError($"'{PyType.NameOf(container)}' object does not support item assignment");
        }
    }

    // The target's parts are evaluated once; a list is changed in place, so that others who have it see it.
    private void Augment(XmAugmentedAssign augmented)
    {
        switch (augmented.Target)
        {
            case XmName name:
                object old = LookUp(name);
                object added = Combine(old);
                _scope.Set(name.Name, added, name.Position);
                break;
            case XmSubscript subscript:
                object container = Evaluate(subscript.Target);
                object index = Evaluate(subscript.Index);
                SetItem(container, index, Combine(PySequences.Item(Runtime, container, index)), subscript.Position);
                break;
            default:
                throw XmRefusal.Unsupported("an augmented assignment to a slice");
        }

        object Combine(object left)
        {
            object right = Evaluate(augmented.Value);
            Position = augmented.Position;
            if (left is PyList list && augmented.Operator == "+")
            {
                list.Items.AddRange(Runtime.List(Runtime.Iterate(right)).Items);
                return list;
            }

            return Binary(augmented.Operator, left, right);
        }
    }

    private XmFlow RunFor(XmFor loop)
    {
        foreach (object item in Runtime.Iterate(Evaluate(loop.Source)))
        {
            Assign(loop.Target, item);
            XmFlow flow = RunBlock(loop.Body);
            if (flow == XmFlow.Break)
            {
                return XmFlow.Next;
            }

            if (flow == XmFlow.Return)
            {
                return flow;
            }
        }

        return RunBlock(loop.Else);
    }

    private XmFlow RunWhile(XmWhile loop)
    {
        while (XmRuntime.IsTrue(Evaluate(loop.Test)))
        {
            XmFlow flow = RunBlock(loop.Body);
            if (flow == XmFlow.Break)
            {
                return XmFlow.Next;
            }

            if (flow == XmFlow.Return)
            {
                return flow;
            }
        }

        return RunBlock(loop.Else);
    }

    private PyRaise Raise(XmRaise raise)
    {
        Runtime.Budget.Step(200 + (20 * Runtime.Budget.Depth));
        if (raise.Type is null)
        {
            return _handled is null
                ? PyRaise.TypeError("exceptions must be old-style classes or derived from BaseException, not NoneType")
                : new PyRaise(_handled.Value) { Position = _handled.Position };
        }

        object type = Evaluate(raise.Type);
        object? value = raise.Value is null ? null : Evaluate(raise.Value);
        Position = raise.Position;
        return type switch
        {
            PyException error => new PyRaise(error),
            PyExceptionType when value is PyException error => new PyRaise(error),
            PyExceptionType known => new PyRaise(new PyException(known, value switch
            {
                null or PyNone => [],
                PyTuple tuple => tuple.Items,
                _ => [value],
            })),
            _ => PyRaise.TypeError(
                $"exceptions must be old-style classes or derived from BaseException, not {PyType.NameOf(type)}"),
        };
    }

    private XmFlow RunTry(XmTry attempt)
    {
        int depth = Runtime.Budget.Depth;
        XmScope scope = _scope;
        XmFlow flow;
        try
        {
            flow = RunHandled(attempt, depth, scope);
        }
        catch (PyRaise) when (attempt.Finally.Count > 0)
        {
            (Runtime.Budget.Depth, _scope) = (depth, scope);
            Runtime.Budget.Step(200 + (20 * depth));
            XmFlow last = RunBlock(attempt.Finally);
            if (last != XmFlow.Next)
            {
                return last;
            }

            throw;
        }

        object returned = _returned;
        XmFlow end = RunBlock(attempt.Finally);
        if (end != XmFlow.Next)
        {
            return end;
        }

        _returned = returned;
        return flow;
    }

    private XmFlow RunHandled(XmTry attempt, int depth, XmScope scope)
    {
        PyRaise caught;
        XmHandler handler;
        try
        {
            XmFlow flow = RunBlock(attempt.Body);
            if (flow != XmFlow.Next)
            {
                return flow;
            }

            handler = new XmHandler(null, null, attempt.Else);
            caught = null!;
        }
        catch (PyRaise error)
        {
            (Runtime.Budget.Depth, _scope) = (depth, scope);
            error.Position = error.Position < 0 ? Position : error.Position;
            Runtime.Budget.Step(200 + (20 * depth));
            XmHandler? found = attempt.Handlers.FirstOrDefault(h => h.Type is null || Catches(Evaluate(h.Type), error.Value));
            if (found is null)
            {
                throw;
            }

            handler = found;
            caught = error;
        }

        if (caught is null)
        {
            return RunBlock(handler.Body);
        }

        if (handler.Target is not null)
        {
            Assign(handler.Target, caught.Value);
        }

        PyRaise? outer = _handled;
        _handled = caught;
        XmFlow end = RunBlock(handler.Body);
        _handled = outer;
        return end;
    }

    private static bool Catches(object type, PyException error) => type switch
    {
        PyExceptionType known => error.Type.IsA(known),
        PyTuple several => several.Items.Any(t => Catches(t, error)),
        _ => false,
    };

    private void Delete(XmExpression target)
    {
        Position = target.Position;
        switch (target)
        {
            case XmName name:
                _scope.Delete(name.Name);
                break;
            case XmSubscript subscript:
                object container = Evaluate(subscript.Target);
                object index = Evaluate(subscript.Index);
                if (container is PyList list)
                {
                    Runtime.Budget.Work(list.Items.Count);
                    list.Items.RemoveAt(PySequences.At(index, list.Items.Count, "list assignment"));
                }
                else if (container is not PyDict dict)
                {
                    throw PyRaise.TypeError($"'{PyType.NameOf(container)}' object doesn't support item deletion");
                }
                else if (!dict.Remove(index))
                {
                    throw new PyRaise(new(PyExceptionTypes.Get("KeyError"), [index]));
                }

                break;
            case XmSlice { Step: null } slice:
                PyList sliced = Evaluate(slice.Target) as PyList ?? throw PyRaise.TypeError("object does not support slice deletion");
                object? start = slice.Start is null ? null : Evaluate(slice.Start);
                object? stop = slice.Stop is null ? null : Evaluate(slice.Stop);
                PySequences.SetSlice(Runtime, sliced, start, stop, null, []);
                break;
            default:
                throw XmRefusal.Unsupported("this deletion");
        }
    }

    private void RunPrint(XmPrint print)
    {
        if (print.Stream is not null && Evaluate(print.Stream) is not (PyStream or PyNone))
        {
            throw XmRefusals.Of("open");
        }

        List<object> values = EvaluateAll(print.Values);
        Print(string.Join(' ', values.Select(Runtime.Repr.Str)) + (print.EndsLine ? "\n" : " "));
    }

    private void Import(XmImport import)
    {
        if (import.Module == "__future__")
        {
            if (import.Member is not ("with_statement" or "nested_scopes" or "generators" or "absolute_import"))
            {
                throw XmRefusal.Unsupported($"'from __future__ import {import.Member}'");
            }

            return;
        }

        PyModule module = Modules.Get(import.Module);
        if (import.Member == "*")
        {
            throw XmRefusal.Unsupported($"'from {import.Module} import *'");
        }

        if (import.Member is not null)
        {
            object member = import is { Module: "os", Member: "path" } ? Modules.Get("os.path") : PyModules.Member(module, import.Member);
            _scope.Set(import.Alias ?? import.Member, member, import.Position);
            return;
        }

        string first = import.Module.Split('.')[0];
        _scope.Set(import.Alias ?? first, import.Alias is null ? Modules.Get(first) : module, import.Position);
    }
}
