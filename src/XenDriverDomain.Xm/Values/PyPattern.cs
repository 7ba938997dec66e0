using System.Text.RegularExpressions;

namespace XenDriverDomain.Xm.Values;

/// <summary>A compiled regular expression.</summary>
/// <param name="Source">As Python writes it.</param>
/// <param name="Regex">As .NET runs it.</param>
/// <param name="Names">Python's group names and their numbers.</param>
/// <param name="Groups">How many groups there are.</param>
internal sealed record PyPattern(string Source, Regex Regex, IReadOnlyDictionary<string, int> Names, int Groups);

/// <summary>A match of a regular expression.</summary>
/// <param name="Match">What .NET found; group n of Python has the name n.</param>
/// <param name="Names">Python's group names and their numbers.</param>
/// <param name="Count">How many groups there are.</param>
internal sealed record PyMatch(Match Match, IReadOnlyDictionary<string, int> Names, int Count);
