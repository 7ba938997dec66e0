namespace XenDriverDomain.Xm;

/// <summary>Something that running a file left to say.</summary>
/// <param name="Kind">Whose words they are.</param>
/// <param name="Location">Where it arose.</param>
/// <param name="Text">A line; what the file printed is as it printed it, and is not to be shown raw.</param>
public sealed record XmMessage(XmMessageKind Kind, XmLocation Location, string Text);

/// <summary>The sorts of messages that running a file leaves.</summary>
public enum XmMessageKind
{
    /// <summary>The file printed it.</summary>
    Printed,

    /// <summary>Python 2 or xm may have done otherwise; ours, not the file's.</summary>
    Remark,
}

/// <summary>A place in a file of xm.</summary>
/// <param name="File">The file as the user called it; null for text that came from no file.</param>
/// <param name="Line">Line, from 1; 0 for the file as a whole.</param>
/// <param name="Column">Column in characters, from 1.</param>
public readonly record struct XmLocation(string? File, int Line, int Column);
