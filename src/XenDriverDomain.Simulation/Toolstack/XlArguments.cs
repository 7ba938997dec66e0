namespace XenDriverDomain.Simulation.Toolstack;

/// <summary>The arguments of a subcommand, taken apart by getopt's rules (xl_utils.c, def_getopt).</summary>
/// <param name="command">The subcommand.</param>
/// <param name="words">What follows its name.</param>
internal sealed class XlArguments(IXlCommand command, IReadOnlyList<string> words)
{
    private readonly Dictionary<char, string> _options = [];
    private readonly Dictionary<char, int> _counts = [];

    /// <summary>What is left when the options are taken away.</summary>
    public IReadOnlyList<string> Rest { get; private set; } = [];

    /// <summary>True when an option is given.</summary>
    public bool Has(char option) => _counts.ContainsKey(option);

    /// <summary>How often an option is given.</summary>
    public int Count(char option) => _counts.GetValueOrDefault(option);

    /// <summary>An option's value; null when it is not given.</summary>
    public string? Value(char option) => _options.GetValueOrDefault(option);

    /// <summary>Takes the arguments apart.</summary>
    /// <param name="process">xl, which complains and ends when they are wrong.</param>
    /// <param name="options">getopt's letters; one with a colon takes a value.</param>
    /// <param name="required">How many arguments there must be besides.</param>
    /// <param name="names">The long options.</param>
    public void Parse(XlProcess process, string options, int required, params (string Name, char Option)[] names)
    {
        List<string> rest = [];
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i];
            if (word == "--")
            {
                rest.AddRange(words.Skip(i + 1));
                break;
            }

            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                string[] parts = word[2..].Split('=', 2);
                char letter = names.FirstOrDefault(n => n.Name == parts[0]).Option;
                if (letter == '\0')
                {
                    Unsupported(process, parts[0] == "help" ? 'h' : '\0');
                }

                Take(letter, TakesValue(options, letter) ? parts.Length > 1 ? parts[1] : Next(process, ref i, letter) : null);
            }
            else if (word.Length > 1 && word[0] == '-')
            {
                for (int at = 1; at < word.Length; at++)
                {
                    char letter = word[at];
                    if (letter is ':' || !options.Contains(letter, StringComparison.Ordinal))
                    {
                        Unsupported(process, letter);
                    }

                    if (TakesValue(options, letter))
                    {
                        Take(letter, at + 1 < word.Length ? word[(at + 1)..] : Next(process, ref i, letter));
                        break;
                    }

                    Take(letter, null);
                }
            }
            else
            {
                rest.Add(word);
            }
        }

        Rest = rest;
        if (rest.Count < required)
        {
            process.Complain($"'xl {command.Name}' requires at least {required} argument{(required > 1 ? "s" : string.Empty)}.\n");
            Help(process);
            throw new XlExit(2);
        }
    }

    /// <summary>Prints the subcommand's help.</summary>
    public void Help(XlProcess process) =>
        process.PrintText($"Usage: xl [-vtT] {command.Name} {command.Usage}\n\n{command.Description}.\n\n");

    private static bool TakesValue(string options, char letter)
    {
        int at = options.IndexOf(letter, StringComparison.Ordinal);
        return at >= 0 && at + 1 < options.Length && options[at + 1] == ':';
    }

    private void Take(char letter, string? value)
    {
        _counts[letter] = Count(letter) + 1;
        _options[letter] = value ?? string.Empty;
    }

    private string Next(XlProcess process, ref int i, char letter)
    {
        if (i + 1 >= words.Count)
        {
            Unsupported(process, letter);
        }

        return words[++i];
    }

    private void Unsupported(XlProcess process, char letter)
    {
        if (letter == 'h')
        {
            Help(process);
            throw new XlExit(0);
        }

        process.Complain($"option `{letter}' not supported.");
        throw new XlExit(2);
    }
}
