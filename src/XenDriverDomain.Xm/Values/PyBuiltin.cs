namespace XenDriverDomain.Xm.Values;

/// <summary>A function of Python's own, or a method bound to its object.</summary>
/// <param name="Name">As Python calls it.</param>
/// <param name="Invoke">What it does.</param>
internal sealed record PyBuiltin(string Name, Func<PyArguments, object> Invoke);
