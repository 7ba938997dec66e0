using XenDriverDomain.Xm.Running;
using XenDriverDomain.Xm.Syntax;

namespace XenDriverDomain.Xm.Values;

/// <summary>A function that the file defined.</summary>
/// <param name="Code">Its parameters and body.</param>
/// <param name="Defaults">The values of the last parameters' defaults, taken when it was defined.</param>
/// <param name="Scope">Where it was defined.</param>
internal sealed record PyFunction(XmFunctionCode Code, IReadOnlyList<object> Defaults, XmScope Scope);

/// <summary>A function of Python's own, or a method bound to its object.</summary>
/// <param name="Name">As Python calls it.</param>
/// <param name="Invoke">What it does.</param>
internal sealed record PyBuiltin(string Name, Func<PyArguments, object> Invoke);
