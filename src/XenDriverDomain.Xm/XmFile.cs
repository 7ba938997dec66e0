using System.Text;
using XenDriverDomain.Xm.Running;
using XenDriverDomain.Xm.Syntax;

namespace XenDriverDomain.Xm;

/// <summary>
/// Reads configuration files of xm, which are Python 2 programs, by running a safe part of that language: no file, process, network,
/// clock or environment is touched, and steps, memory and depth are bounded.
/// </summary>
public static class XmFile
{
    /// <summary>Runs a file's text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fileName">The file as the user called it, for errors; null when there is none.</param>
    /// <param name="options">Variables, machine and limits; null for the defaults.</param>
    /// <exception cref="XmException">
    /// It could not be run to its end: <see cref="XmFault"/> tells for which reasons that can be.
    /// </exception>
    public static XmResult Run(string text, string? fileName = null, XmRunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        XmSource source = new(text, fileName);
        return new XmRun(source, fileName, options ?? new XmRunOptions()).Run(XmParser.Parse(source));
    }

    /// <summary>
    /// The variables that a file wants from the command line, in its order: it is run without them, as far as it gets, since most files
    /// end with an error of their own when one is missing. None when it is no Python 2.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="options">Machine and limits; null for the defaults.</param>
    public static IReadOnlyList<XmWantedVariable> FindWantedVariables(string text, XmRunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        XmSource source = new(text, null);
        XmRun run = new(source, null, options ?? new XmRunOptions());
        try
        {
            return run.Run(XmParser.Parse(source)).WantedVariables;
        }
        catch (XmException)
        {
            return run.WantedVariables;
        }
    }

    /// <summary>Runs a file's bytes: UTF-8, else Latin-1.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="fileName">The file as the user called it, for errors; null when there is none.</param>
    /// <param name="options">Variables, machine and limits; null for the defaults.</param>
    /// <exception cref="XmException">As for a text.</exception>
    public static XmResult Run(ReadOnlySpan<byte> bytes, string? fileName = null, XmRunOptions? options = null)
    {
        try
        {
            return Run(new UTF8Encoding(false, true).GetString(bytes), fileName, options);
        }
        catch (DecoderFallbackException)
        {
            return Run(Encoding.Latin1.GetString(bytes), fileName, options);
        }
    }
}
