using XenDriverDomain.Assignment.AtBoot;
using XenDriverDomain.Boot;
using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Errors;
using XenDriverDomain.Hide;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Fuzz;

/// <summary>
/// A boot file: it is read, a function is hidden in it, and it is read again. Either it cannot be understood, and is refused, or the
/// function is hidden by what was written, and no longer when it was taken out again.
/// </summary>
/// <param name="path">Where the text stands.</param>
/// <param name="loader">Whose it is.</param>
/// <param name="others">Other files of the host.</param>
/// <param name="names">What else is there.</param>
internal sealed class BootTarget(string path, BootLoader loader, IReadOnlyDictionary<string, string> others, params string[] names)
{
    // No input has it, so that none that stands for more must be taken out with it.
    private static readonly PciAddress s_card = PciAddress.Parse("0077:66:05.4");

    private readonly HashSet<string> _names = [.. names];

    /// <summary>Reads and changes a text.</summary>
    /// <exception cref="InvalidOperationException">What was written does not say what it should.</exception>
    public void Read(string text)
    {
        if (Choose(text) is not { } configuration)
        {
            return;
        }

        // hide= may be there with parts that cannot be read; those go, as with -Force.
        Dictionary<string, string> hidden = Edit(text, configuration, line => HideEdit.Add(
            HideEdit.Remove(line, configuration.Parameter, part => part.Fault is not null), configuration.Parameter, [s_card]));
        if (Choose(hidden[path], hidden) is not { } after)
        {
            // A variable that others are made of; the look that follows each change refuses it, and the change is undone.
            return;
        }

        Require(after.Lines.All(line => HidesIn(after, line) || IsMadeOfOthers(line)), "is not hidden", text, hidden);
        Dictionary<string, string> again = Edit(hidden[path], after, line => HideEdit.Remove(
            line, after.Parameter, part => part.Fault is not null || part.Element!.Covers(s_card)), hidden);
        Require(Choose(again[path], again) is not { } last || !last.Lines.Any(line => HidesIn(last, line)), "is still hidden", text, again);
    }

    // A shell's text with references in it is not what the kernel gets.
    private static bool IsMadeOfOthers(KernelLine line) => line.Whole?.Contains(line.Text, StringComparison.Ordinal) == false;

    private static bool HidesIn(BootConfiguration configuration, KernelLine line) =>
        HideList.Parse(HideWord.Find(line.Text, configuration.Parameter)?.Value ?? string.Empty).Hides(s_card);

    private static void Require(bool condition, string what, string text, Dictionary<string, string> files)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"{s_card} {what}; was\n{text}\nis\n{string.Join('\n', files.Values)}");
        }
    }

    private BootConfiguration? Choose(string text, IReadOnlyDictionary<string, string>? files = null)
    {
        Dictionary<string, string> all = new(files ?? others) { [path] = text };
        BootSituation situation = BootSituation.From(all, _names, new Dictionary<string, string>());
        _ = situation.StateOf(new PciDevice { Dom0 = "fuzz", Address = s_card });
        try
        {
            return situation.Choose("fuzz", new AtBootOptions { BootLoader = loader });
        }
        catch (XenDriverDomainException e) when (e.ErrorId is ErrorIds.BootConfigNotEditable or ErrorIds.BootLoaderNotFound)
        {
            return null;
        }
    }

    private Dictionary<string, string> Edit(
        string text, BootConfiguration configuration, Func<string, string> change, IReadOnlyDictionary<string, string>? files = null)
    {
        Dictionary<string, string> all = new(files ?? others) { [path] = text };
        BootEdits edits = new(all);
        edits.Edit(configuration, change);
        foreach ((string edited, _, string after) in edits.All)
        {
            all[edited] = after;
        }

        return all;
    }
}
