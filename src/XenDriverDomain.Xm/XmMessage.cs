
namespace XenDriverDomain.Xm;

/// <summary>Something that running a file left to say.</summary>
/// <param name="Kind">Whose words they are.</param>
/// <param name="Location">Where it arose.</param>
/// <param name="Text">A line; what the file printed is as it printed it, and is not to be shown raw.</param>
public sealed record XmMessage(XmMessageKind Kind, XmLocation Location, string Text);
