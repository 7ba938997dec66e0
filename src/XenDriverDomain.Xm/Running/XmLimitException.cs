namespace XenDriverDomain.Xm.Running;

/// <summary>A limit was reached; the file cannot catch it.</summary>
/// <param name="what">Which one, as a sentence without its end.</param>
internal sealed class XmLimitException(string what) : Exception(what);
