namespace XenDriverDomain.Xm.Running;

/// <summary>A variable's value and where it was assigned; -1 when the file did not.</summary>
internal readonly record struct XmVariable(object Value, int Position);
