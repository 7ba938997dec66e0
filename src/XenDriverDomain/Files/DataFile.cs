using System.Collections;
using System.Management.Automation.Language;
using XenDriverDomain.Errors;
using XenDriverDomain.Session;

namespace XenDriverDomain.Files;

/// <summary>
/// Reads a data file of PowerShell's (.psd1) as Import-PowerShellDataFile does: it is parsed, and nothing in it is ever executed.
/// </summary>
internal static class DataFile
{
    /// <summary>The most bytes that a data file is read of.</summary>
    internal const int MaxBytes = 1024 * 1024;

    /// <summary>The table that a text holds.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">How errors call the file.</param>
    /// <exception cref="XenDriverDomainException">MachineFileMalformed.</exception>
    internal static IDictionary Read(string text, string file)
    {
        ScriptBlockAst script = Parser.ParseInput(text, out _, out ParseError[] errors);
        if (errors is [var first, ..])
        {
            throw Malformed(file, first.Extent.StartLineNumber, Terminal.Text.Show(first.Message).TrimEnd('.'));
        }

        if (script is not { ParamBlock: null, BeginBlock: null, ProcessBlock: null, DynamicParamBlock: null }
            || script.EndBlock is not { Traps: null or { Count: 0 }, Statements: [PipelineAst { PipelineElements: [var element] }] }
            || element is not CommandExpressionAst { Redirections.Count: 0, Expression: HashtableAst table })
        {
            throw Malformed(file, 1, "it is not one table");
        }

        try
        {
            return (IDictionary)table.SafeGetValue();
        }
        catch (InvalidOperationException e)
        {
            throw Malformed(file, table.Extent.StartLineNumber, "something in it would have to be executed, or it is too large", e);
        }
    }

    private static XenDriverDomainException Malformed(string file, int line, string why, Exception? cause = null) => new(
        ModuleErrorIds.MachineFileMalformed,
        ErrorKind.InvalidArgument,
        $"'{Terminal.Text.Show(file)}' describes no machine: line {line}: {why}.",
        "Write one table @{ … } of texts in quotes, numbers, $true, $false, lists and tables; no variables, no commands. "
        + "about_XenDriverDomain_Simulation has an example.",
        file,
        cause);
}
