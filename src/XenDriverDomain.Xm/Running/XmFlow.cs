namespace XenDriverDomain.Xm.Running;

/// <summary>How a statement ended.</summary>
internal enum XmFlow
{
    Next,
    Break,
    Continue,
    Return,
}
