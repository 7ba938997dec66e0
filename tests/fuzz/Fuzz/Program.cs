using System.Globalization;
using XenDriverDomain.Fuzz;

// Usage: Fuzz READER [COUNT] [FIRST] [SEEDS]
// Reads COUNT inputs from number FIRST on; both are rounded to thousands, and the same numbers give the same inputs. SEEDS is a folder
// of files, or one file. Ends with 1 when an input ended in anything but a value or a ConfigException, took more than 100 ms per KB,
// or hung.
if (args.Length == 0 || Target.Find(args[0]) is not { } target)
{
    Console.Error.WriteLine($"Usage: Fuzz READER [COUNT] [FIRST] [SEEDS]\nREADER is one of {Target.Names}.");
    return 2;
}

long count = args.Length > 1 ? long.Parse(args[1], CultureInfo.InvariantCulture) : 100_000;
long first = args.Length > 2 ? long.Parse(args[2], CultureInfo.InvariantCulture) : 0;
string[] seeds = args.Length < 4 ? []
    : Directory.Exists(args[3])
    ? [.. Directory.GetFiles(args[3], "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllText)]
    : [File.ReadAllText(args[3])];
Campaign campaign = new(target, new InputSource(target.Grammar, seeds));
campaign.Run((int)(first / InputSource.BlockSize), (int)((count + InputSource.BlockSize - 1) / InputSource.BlockSize));
return campaign.Passed ? 0 : 1;
