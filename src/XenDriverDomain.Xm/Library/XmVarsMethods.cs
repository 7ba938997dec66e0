using XenDriverDomain.Xm.Running;
using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Library;

/// <summary>xm_vars.var() and xm_vars.check(), as tools/python/xen/xm/help.py has them.</summary>
internal static class XmVarsMethods
{
    public static object Call(XmRuntime run, PyXmVars self, XmScope module, int position, PyArguments a)
    {
        if (a.Name == "var")
        {
            a.ExpectNames("name", "use", "check");
            object name = a.Find("name", 0) ?? throw PyRaise.TypeError("var() takes at least 2 arguments (1 given)");
            run.Budget.Allocate(64);
            self.Wanted.Add((name is PyString text ? text.Text : throw PyRaise.TypeError("attribute name must be string"),
                a.Find("use", 1) ?? PyNone.Value, a.Find("check", 2) ?? PyNone.Value));
            return PyNone.Value;
        }

        a.Expect(0, 0);
        foreach ((string name, _, object check) in self.Wanted.ToArray())
        {
            if (check is PyNone)
            {
                continue;
            }

            object value = module.Find(name) ?? PyNone.Value;
            int depth = run.Budget.Depth;
            try
            {
                module.Set(name, run.CallWith(check, new PyString(name), value), position);
            }
            catch (PyRaise error) when (error.Value.Type.IsA(PyExceptionTypes.Get("StandardError")))
            {
                run.Budget.Depth = depth;
                string text = $"{name} - {run.Repr.StrOf(error.Value)}";
                throw new PyRaise(new PyException(error.Value.Type, [new PyString(text)])) { Position = error.Position };
            }
        }

        return PyNone.Value;
    }
}
