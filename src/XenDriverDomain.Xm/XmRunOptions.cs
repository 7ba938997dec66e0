namespace XenDriverDomain.Xm;

/// <summary>What a file is run with.</summary>
public sealed record XmRunOptions
{
    /// <summary>
    /// The variables of the command line (<c>xm create file beid=4</c>), in its order. One that has the name of an option of xm
    /// overrides what the file says and is not seen by it; any other is a string that the file finds as a variable.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Variables { get; init; } = [];

    /// <summary>What os.uname() gives; null when the machine is not known, and asking for it is refused.</summary>
    public XmMachine? Machine { get; init; }

    /// <summary>How much running may cost.</summary>
    public XmLimits Limits { get; init; } = new();
}

/// <summary>A variable that a file wants from the command line (<c>xm_vars.var</c>).</summary>
/// <param name="Name">Its name.</param>
/// <param name="Use">What the file says about it.</param>
public sealed record XmWantedVariable(string Name, string Use);
