using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Running;

/// <summary>The variables of the file, of a call, or of a comprehension.</summary>
internal sealed class XmScope
{
    private readonly Dictionary<string, XmVariable> _variables = new(StringComparer.Ordinal);
    private readonly IReadOnlySet<string>? _locals;
    private readonly XmScope _module;
    private readonly XmScope? _outer;
    private readonly bool _isComprehension;

    /// <summary>Creates the file's own scope.</summary>
    public XmScope() => _module = this;

    /// <summary>Creates the scope of a call or of a comprehension.</summary>
    public XmScope(XmScope outer, IReadOnlySet<string> locals, bool isComprehension)
    {
        _outer = outer;
        _module = outer._module;
        _locals = locals;
        _isComprehension = isComprehension;
    }

    public IEnumerable<KeyValuePair<string, XmVariable>> Variables => _variables;

    public bool IsModule => _module == this;

    /// <summary>The value of a name; null when neither this scope nor an outer one has it.</summary>
    public object? Find(string name) => Find(name, out _);

    /// <param name="name">The name.</param>
    /// <param name="isTheFiles">True when it was found in the file's own scope, from within a function.</param>
    public object? Find(string name, out bool isTheFiles)
    {
        isTheFiles = false;
        if (_variables.TryGetValue(name, out XmVariable here))
        {
            return here.Value;
        }

        if (_locals?.Contains(name) == true)
        {
            throw PyRaise.Of("UnboundLocalError", $"local variable '{name}' referenced before assignment");
        }

        for (XmScope? scope = _outer; scope is not null; scope = scope._outer)
        {
            if (scope._variables.TryGetValue(name, out XmVariable there))
            {
                isTheFiles = scope.IsModule;
                return there.Value;
            }
        }

        return null;
    }

    public void Set(string name, object value, int position)
    {
        XmScope scope = _locals is null || _isComprehension || _locals.Contains(name) ? this : _module;
        scope._variables[name] = new XmVariable(value, position);
    }

    public void Delete(string name)
    {
        XmScope scope = _locals is null || _locals.Contains(name) ? this : _module;
        if (!scope._variables.Remove(name))
        {
            throw PyRaise.Of("NameError", $"name '{name}' is not defined");
        }
    }
}

/// <summary>A variable's value and where it was assigned; -1 when the file did not.</summary>
internal readonly record struct XmVariable(object Value, int Position);
