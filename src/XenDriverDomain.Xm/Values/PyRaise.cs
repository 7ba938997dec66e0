namespace XenDriverDomain.Xm.Values;

/// <summary>A Python exception on its way up; the file may catch it.</summary>
internal sealed class PyRaise(PyException value) : Exception
{
    public PyException Value { get; } = value;

    /// <summary>Where it was raised, in the source; -1 until known.</summary>
    public int Position { get; set; } = -1;

    public static PyRaise TypeError(string message) => Of("TypeError", message);

    public static PyRaise ValueError(string message) => Of("ValueError", message);

    public static PyRaise Of(string type, string message) =>
        new(new PyException(PyExceptionTypes.Get(type), [new PyString(message)]));
}

/// <summary>An exception as a value.</summary>
/// <param name="Type">Its class.</param>
/// <param name="Arguments">What it was made with.</param>
internal sealed record PyException(PyExceptionType Type, IReadOnlyList<object> Arguments);
