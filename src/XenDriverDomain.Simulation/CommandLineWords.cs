using System.Text;
using XenDriverDomain.Errors;
using XenDriverDomain.Simulation.Errors;

namespace XenDriverDomain.Simulation;

/// <summary>Takes a command line apart at blanks; simple quotes keep blanks together.</summary>
internal static class CommandLineWords
{
    /// <summary>The words, at least one.</summary>
    /// <exception cref="XenDriverDomainException">SimulatedCommandMalformed: it is empty, or a quote is not closed.</exception>
    public static IReadOnlyList<string> Split(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        List<string> words = [];
        StringBuilder? word = null;
        char quote = '\0';
        foreach (char c in line)
        {
            if (quote != '\0')
            {
                if (c == quote)
                {
                    quote = '\0';
                }
                else
                {
                    word!.Append(c);
                }
            }
            else if (c is '\'' or '"')
            {
                quote = c;
                word ??= new StringBuilder();
            }
            else if (!char.IsWhiteSpace(c))
            {
                (word ??= new StringBuilder()).Append(c);
            }
            else if (word is not null)
            {
                words.Add(word.ToString());
                word = null;
            }
        }

        if (word is not null)
        {
            words.Add(word.ToString());
        }

        return quote != '\0' ? throw Malformed(line, $"the quote {quote} is not closed")
            : words.Count == 0 ? throw Malformed(line, "it names no program")
            : words;
    }

    internal static XenDriverDomainException Malformed(string line, string why) => new(
        SimulationErrorIds.SimulatedCommandMalformed,
        ErrorKind.InvalidArgument,
        $"'{Terminal.Text.Show(line, 200)}' is no command line: {why}.",
        "Write a program and its arguments with blanks between them, for example xl list; there is no shell.",
        line);
}
