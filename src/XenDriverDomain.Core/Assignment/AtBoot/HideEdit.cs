using XenDriverDomain.Hide;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Assignment.AtBoot;

/// <summary>
/// Changes the <c>hide=</c> on a line of kernel parameters and nothing else: other words, their order, blanks and quotes stay as they are.
/// </summary>
internal static class HideEdit
{
    /// <summary>Adds addresses that no element stands for yet.</summary>
    /// <param name="line">The line.</param>
    /// <param name="parameter">The parameter, as it is written when it is not there yet.</param>
    /// <param name="addresses">The addresses.</param>
    public static string Add(string line, string parameter, IEnumerable<PciAddress> addresses) =>
        Add(line, parameter, addresses.Select(HideElement.For));

    /// <summary>Adds elements that are not there yet, also not as part of another one.</summary>
    /// <param name="line">The line.</param>
    /// <param name="parameter">The parameter, as it is written when it is not there yet.</param>
    /// <param name="elements">The elements.</param>
    public static string Add(string line, string parameter, IEnumerable<HideElement> elements)
    {
        HideWord? word = HideWord.Find(line, parameter);
        HideList there = HideList.Parse(word?.Value ?? string.Empty);
        string more = string.Concat(elements.Distinct().Where(element =>
            !there.Elements.Any(one => one == element || (element.Address is { } address && one.Covers(address)))));
        if (more.Length == 0)
        {
            return line;
        }

        if (word is not null)
        {
            int end = there.Parts.Count == 0 ? 0 : there.Parts[^1].Start + there.Parts[^1].Length;
            return line.Insert(word.ValueStart + end, more);
        }

        int place = HideWord.PlaceForMore(line);
        int first = line.Length - line.TrimStart().Length;
        return place > 0 ? line.Insert(place, $" {parameter}={more}")
            : first < line.Length ? line.Insert(first, $"{parameter}={more} ")
            : line + $"{parameter}={more}";
    }

    /// <summary>Takes out parts; the word goes with the last of them, and they are taken out of the word that counts then.</summary>
    /// <param name="line">The line.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="unwanted">Which parts go.</param>
    public static string Remove(string line, string parameter, Func<HidePart, bool> unwanted)
    {
        if (HideWord.Find(line, parameter) is not { } word)
        {
            return line;
        }

        IReadOnlyList<HidePart> parts = HideList.Parse(word.Value).Parts;
        if (parts.Count > 0 && parts.All(unwanted))
        {
            return Remove(WithoutWord(line, word), parameter, unwanted);
        }

        foreach (HidePart part in parts.Where(unwanted).Reverse())
        {
            // The blanks behind it, which divided it from the next one, go with it.
            int end = part.Start + part.Length;
            while (end < word.Value.Length && char.IsWhiteSpace(word.Value[end]))
            {
                end++;
            }

            line = line.Remove(word.ValueStart + part.Start, end - part.Start);
        }

        return line;
    }

    private static string WithoutWord(string line, HideWord word)
    {
        int start = word.Start;
        int end = word.Start + word.Length;
        if (start > 0 && char.IsWhiteSpace(line[start - 1]))
        {
            start--;
        }
        else if (end < line.Length && char.IsWhiteSpace(line[end]))
        {
            end++;
        }

        return line.Remove(start, end - start);
    }
}
