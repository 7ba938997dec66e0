namespace XenDriverDomain.Xm;

/// <summary>A variable that a file wants from the command line (<c>xm_vars.var</c>).</summary>
/// <param name="Name">Its name.</param>
/// <param name="Use">What the file says about it.</param>
public sealed record XmWantedVariable(string Name, string Use);
