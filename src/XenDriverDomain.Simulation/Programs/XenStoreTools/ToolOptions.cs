namespace XenDriverDomain.Simulation.Programs.XenStoreTools;

/// <summary>A command line, taken apart as getopt_long(3) does it for these programs: options may stand among the operands.</summary>
internal sealed class ToolOptions
{
    private const string Known = "hfspturn:R";

    private static readonly (string Name, char Letter)[] s_long =
    [
        ("help", 'h'), ("flat", 'f'), ("prefix", 'p'), ("tidy", 't'), ("upto", 'u'), ("recurse", 'r'), ("number", 'n'), ("raw", 'R'),
    ];

    private readonly HashSet<char> _letters = [];
    private readonly List<string> _operands = [];

    /// <summary>What is not an option.</summary>
    public IReadOnlyList<string> Operands => _operands;

    /// <summary>True when an option was given.</summary>
    public bool Has(char letter) => _letters.Contains(letter);

    /// <summary>Takes a command line apart; null when the program is to show its usage.</summary>
    /// <param name="program">The program as it was called.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="allowed">The letters this program knows; s is accepted by all and means nothing.</param>
    /// <param name="output">Where unknown options are told; they stop nothing.</param>
    public static ToolOptions? Parse(string program, IReadOnlyList<string> arguments, string allowed, ToolOutput output)
    {
        ToolOptions options = new();
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (argument == "--")
            {
                options._operands.AddRange(arguments.Skip(i + 1));
                break;
            }

            if (argument.Length < 2 || argument[0] != '-')
            {
                options._operands.Add(argument);
                continue;
            }

            foreach (char letter in argument[1] == '-' ? Long(program, argument, output) : Short(program, argument, output))
            {
                if (letter != 's' && !allowed.Contains(letter))
                {
                    return null;
                }

                options._letters.Add(letter);
            }
        }

        return options;
    }

    private static IEnumerable<char> Long(string program, string argument, ToolOutput output)
    {
        (string Name, char Letter)[] matches =
            [.. s_long.Where(option => option.Name.StartsWith(argument[2..], StringComparison.Ordinal))];
        if (matches.Length == 1)
        {
            yield return matches[0].Letter;
        }
        else
        {
            output.ComplainAs(matches.Length == 0
                ? $"{program}: unrecognized option '{argument}'"
                : $"{program}: option '{argument}' is ambiguous; possibilities:{string.Concat(matches.Select(one => $" '--{one.Name}'"))}");
        }
    }

    private static IEnumerable<char> Short(string program, string argument, ToolOutput output)
    {
        foreach (char letter in argument.Skip(1))
        {
            if (letter == ':' || !Known.Contains(letter))
            {
                output.ComplainAs($"{program}: invalid option -- '{letter}'");
            }
            else
            {
                yield return letter;
            }
        }
    }
}
