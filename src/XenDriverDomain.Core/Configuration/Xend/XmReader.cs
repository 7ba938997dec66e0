using XenDriverDomain.Errors;
using XenDriverDomain.Terminal;
using XenDriverDomain.Xm;

namespace XenDriverDomain.Configuration.Xend;

/// <summary>Runs files of xm, and says what the interpreter says in this library's errors and places, fit to be shown.</summary>
internal static class XmReader
{
    /// <summary>Runs a file's text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fileName">The file as the user called it, for errors; null when there is none.</param>
    /// <param name="options">Variables, machine and limits.</param>
    /// <exception cref="ConfigException">
    /// ConfigSyntaxError: it is not Python 2. XmConstructUnsupported: it uses a part of Python that is not run here. XmAccessRefused: it
    /// reaches outside. XmScriptFailed: it ended with an exception of its own. XmLimitExceeded: it runs too long, too deep or too big.
    /// XmVariableInvalid: a variable of the command line does not fit its option.
    /// </exception>
    public static XmResult Run(string text, string? fileName, XmRunOptions options)
    {
        try
        {
            return XmFile.Run(text, fileName, options);
        }
        catch (XmException e)
        {
            throw new ConfigException(IdOf(e.Fault), PlaceOf(e.Location), Shown(e.Message), Shown(e.Remedy), e);
        }
    }

    /// <summary>A place in words of this library.</summary>
    public static ConfigLocation PlaceOf(XmLocation location) => new(location.File, location.Line, location.Column);

    // The interpreter has cut what it quotes.
    private static string Shown(string words) => Text.Show(words, int.MaxValue);

    private static string IdOf(XmFault fault) => fault switch
    {
        XmFault.SyntaxError => ErrorIds.ConfigSyntaxError,
        XmFault.ConstructUnsupported => ErrorIds.XmConstructUnsupported,
        XmFault.AccessRefused => ErrorIds.XmAccessRefused,
        XmFault.ScriptFailed => ErrorIds.XmScriptFailed,
        XmFault.VariableInvalid => ErrorIds.XmVariableInvalid,
        _ => ErrorIds.XmLimitExceeded,
    };
}
