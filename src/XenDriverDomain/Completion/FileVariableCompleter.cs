using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text;
using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Files;

namespace XenDriverDomain.Completion;

/// <summary>Completes -Variable with what the configuration files of this machine, or the text on the command line, want.</summary>
internal sealed class FileVariableCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        PatientSearch.Complete(wordToComplete, () =>
        {
            CompletionQuery query = new(wordToComplete, fakeBoundParameters);
            if (query.TextsOf("InputObject") is { } lines)
            {
                byte[] text = Encoding.UTF8.GetBytes(string.Join('\n', lines));
                return _ => WantedVariables.FindAsync(["the text"], _ => Task.FromResult(text));
            }

            if (CompletionContext.Paths() is not { } paths)
            {
                return null;
            }

            string[] files =
            [
                .. (query.TextsOf("Path") ?? []).SelectMany(path => InputFile.Resolve(paths, path, isLiteral: false)),
                .. (query.TextsOf("LiteralPath") ?? []).SelectMany(path => InputFile.Resolve(paths, path, isLiteral: true)),
            ];
            return token => WantedVariables.FindAsync(files, file => InputFile.ReadAsync(file, XlConfigDocument.MaxBytes, token));
        });
}
