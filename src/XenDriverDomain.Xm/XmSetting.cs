
namespace XenDriverDomain.Xm;

/// <summary>A global variable that a file left, or an option of the command line.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
/// <param name="Location">Its last assignment; line 0 for the command line.</param>
public sealed record XmSetting(string Name, XmValue Value, XmLocation Location)
{
    /// <summary>True when it comes from the command line, which overrides the file.</summary>
    public bool IsFromCommandLine { get; init; }

    /// <summary>True when xm has an option of that name.</summary>
    public bool IsXmOption => XmOptions.KindOf(Name) is not null;

    /// <summary>
    /// True when xm takes a value of this type from a file: str, list, int, float (opts.py, load). A Boolean, a tuple, a unicode or a
    /// long is passed over without a word.
    /// </summary>
    public bool IsTakenByXm => Value.PythonType is "str" or "list" or "int" or "float";
}
