using System.Collections.Frozen;

namespace XenDriverDomain.Xm.Values;

/// <summary>The exception classes that a configuration file meets, in Python 2's hierarchy.</summary>
internal static class PyExceptionTypes
{
    private static readonly FrozenDictionary<string, PyExceptionType> s_all = Make(
        ("BaseException", null), ("SystemExit", "BaseException"), ("KeyboardInterrupt", "BaseException"), ("Exception", "BaseException"),
        ("StopIteration", "Exception"), ("Warning", "Exception"), ("StandardError", "Exception"), ("AssertionError", "StandardError"),
        ("AttributeError", "StandardError"), ("ImportError", "StandardError"), ("EnvironmentError", "StandardError"),
        ("IOError", "EnvironmentError"), ("OSError", "EnvironmentError"), ("EOFError", "StandardError"), ("LookupError", "StandardError"),
        ("IndexError", "LookupError"), ("KeyError", "LookupError"), ("ArithmeticError", "StandardError"),
        ("ZeroDivisionError", "ArithmeticError"), ("OverflowError", "ArithmeticError"), ("FloatingPointError", "ArithmeticError"),
        ("NameError", "StandardError"), ("UnboundLocalError", "NameError"), ("RuntimeError", "StandardError"),
        ("NotImplementedError", "RuntimeError"), ("SyntaxError", "StandardError"), ("TypeError", "StandardError"),
        ("ValueError", "StandardError"), ("UnicodeError", "ValueError"), ("UnicodeDecodeError", "UnicodeError"),
        ("UnicodeEncodeError", "UnicodeError"), ("MemoryError", "StandardError"), ("error", "Exception"));

    public static PyExceptionType Get(string name) => s_all[name];

    public static PyExceptionType? Find(string name) => s_all.GetValueOrDefault(name);

    private static FrozenDictionary<string, PyExceptionType> Make(params (string Name, string? Base)[] types)
    {
        Dictionary<string, PyExceptionType> made = new(StringComparer.Ordinal);
        foreach ((string name, string? parent) in types)
        {
            made[name] = new PyExceptionType(name, parent is null ? null : made[parent]);
        }

        return made.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
