namespace XenDriverDomain.Xm.Values;

/// <summary>An exception as a value.</summary>
/// <param name="Type">Its class.</param>
/// <param name="Arguments">What it was made with.</param>
internal sealed record PyException(PyExceptionType Type, IReadOnlyList<object> Arguments);
