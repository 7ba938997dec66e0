using System.Numerics;

namespace XenDriverDomain.Xm.Values;

/// <summary>A type: called, it converts; named, it is what isinstance() compares with.</summary>
/// <param name="Name">As Python calls it.</param>
/// <param name="Convert">What calling it does.</param>
internal sealed record PyType(string Name, Func<PyArguments, object> Convert)
{
    public bool Equals(PyType? other) => other is not null && other.Name == Name;

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    public static string NameOf(object value) => value switch
    {
        PyNone => "NoneType",
        bool => "bool",
        long => "int",
        BigInteger => "long",
        double => "float",
        PyString text => text.IsUnicode ? "unicode" : "str",
        PyList => "list",
        PyTuple => "tuple",
        PyDict => "dict",
        PySet => "set",
        PyFunction => "function",
        PyBuiltin => "builtin_function_or_method",
        PyModule => "module",
        PyType or PyExceptionType => "type",
        PyException error => error.Type.Name,
        PyMatch => "_sre.SRE_Match",
        PyPattern => "_sre.SRE_Pattern",
        _ => "object",
    };
}

/// <summary>None.</summary>
internal sealed class PyNone
{
    public static readonly PyNone Value = new();

    private PyNone()
    {
    }
}
