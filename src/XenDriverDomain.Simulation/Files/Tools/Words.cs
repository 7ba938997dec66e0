namespace XenDriverDomain.Simulation.Files.Tools;

/// <summary>A program's arguments as getopt reads them.</summary>
internal sealed class Words
{
    private readonly Dictionary<char, List<string>> _options = [];

    private Words(List<string> operands) => Operands = operands;

    /// <summary>What is no option, in order.</summary>
    public IReadOnlyList<string> Operands { get; }

    /// <summary>The option that the program does not know; null when it knows all.</summary>
    public string? Unknown { get; private set; }

    /// <summary>Reads arguments.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="flags">The letters of options without a value.</param>
    /// <param name="valued">The letters of options with one.</param>
    /// <param name="names">Long names of options, with their letters.</param>
    public static Words Read(
        IReadOnlyList<string> arguments, string flags, string valued = "", params IReadOnlyList<(string Name, char Letter)> names)
    {
        List<string> operands = [];
        Words words = new(operands);
        bool areOver = false;
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (areOver || argument.Length < 2 || argument[0] != '-')
            {
                operands.Add(argument);
            }
            else if (argument == "--")
            {
                areOver = true;
            }
            else if (argument.StartsWith("--", StringComparison.Ordinal))
            {
                char letter = names.FirstOrDefault(name => name.Name == argument[2..]).Letter;
                words.Set(letter, string.Empty, letter == '\0' ? argument : null);
            }
            else
            {
                for (int j = 1; j < argument.Length; j++)
                {
                    if (valued.Contains(argument[j], StringComparison.Ordinal))
                    {
                        string value = j + 1 < argument.Length
                            ? argument[(j + 1)..]
                            : i + 1 < arguments.Count ? arguments[++i] : string.Empty;
                        words.Set(argument[j], value, null);
                        break;
                    }

                    words.Set(argument[j], string.Empty, flags.Contains(argument[j], StringComparison.Ordinal) ? null : $"-{argument[j]}");
                }
            }
        }

        return words;
    }

    /// <summary>Whether an option was given.</summary>
    public bool Has(char letter) => _options.ContainsKey(letter);

    /// <summary>The values of an option.</summary>
    public IReadOnlyList<string> ValuesOf(char letter) => _options.GetValueOrDefault(letter) ?? [];

    private void Set(char letter, string value, string? unknown)
    {
        Unknown ??= unknown;
        if (!_options.TryGetValue(letter, out List<string>? values))
        {
            _options[letter] = values = [];
        }

        values.Add(value);
    }
}
