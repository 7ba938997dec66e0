namespace XenDriverDomain.Xm;

/// <summary>The sorts of messages that running a file leaves.</summary>
public enum XmMessageKind
{
    /// <summary>The file printed it.</summary>
    Printed,

    /// <summary>Python 2 or xm may have done otherwise; ours, not the file's.</summary>
    Remark,
}
