using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Errors;
using XenDriverDomain.Fuzz.Grammars;

namespace XenDriverDomain.Tests.Configuration;

/// <summary>
/// PCI and disk strings that we read are read by Xen's own parsers, and with the same values. Where Xen's read more than we do, it
/// is one of the cases listed here, each of which means something else than its writer thought.
/// </summary>
public partial class XenSpecAgreementTests(XensParser xen) : IClassFixture<XensParser>
{
    private const int Generated = 10_000;

    private static readonly (string Reason, Func<string, bool> Applies)[] s_pciRefusals =
    [
        ("without a function, Xen's parser goes on at a random place", s =>
            !AddressesOf(s).All(a => a.Contains('.', StringComparison.Ordinal))),
        ("it ignores what follows the address in bdf=", s => AddressesOf(s).Any(a => !Address().IsMatch(a))),
        ("its sscanf takes longer numbers, signs and 0x in an address", s =>
            AddressesOf(s).Any(a => LooseAddress().IsMatch(a) && !Address().IsMatch(a))),
        ("it takes every word for 0, and every number but 0 for yes", s => FlagsOf(s).Any(f => f is not ("0" or "1"))),
        ("it does not mind a comma at the end", s => s.EndsWith(',')),
        ("it takes the last of what is given twice", s => KeysOf(s).GroupBy(k => k).Any(g => g.Count() > 1)),
        ("it ignores what follows the slot in vslot=, and takes signs and longer numbers", s => SlotsOf(s).Any(v => !Slot().IsMatch(v))),
        ("its enumeration of policies has a value of its own for none", s => ValuesOf(s, "rdm_policy").Contains("invalid")),
        ("it takes any text for a name, an empty one, too", s =>
            NamesOf(s).Any(n => n.Length == 0 || n.Any(c => c is <= ' ' or >= '\x7f' or '='))),
    ];

    // By what we say of it.
    private static readonly (string Reason, string Words)[] s_diskRefusals =
    [
        ("it takes the last of two accesses, though one of them is meant", "'access' is given twice"),
        ("it takes the last of cdrom and disk", "'devtype' is given twice"),
        ("it takes an empty name for a device of the guest, which no guest has", "it names no device for the guest"),
        ("it takes any text for a device of the guest", "is no device name such as"),
        ("it takes an empty path for a disk", "it names no target"),
        ("it takes any text for a back-end domain, and an empty one for dom0", "backend cannot name a domain"),
    ];

    [XenParserFact]
    public void A_pci_specification_that_we_read_is_read_by_xen_with_the_same_values() => Compare(
        [.. Generate(random => new PciSpecGrammar(random))],
        xen.JudgePciSpecs,
        text => Values(PciSpec.Parse(text)),
        PciValues,
        [.. s_pciRefusals.Select(r => (r.Reason, (Func<string, string, bool>)((text, _) => r.Applies(text))))]);

    [XenParserFact]
    public void A_disk_specification_that_we_read_is_read_by_xen_with_the_same_values() => Compare(
        [.. Generate(random => new DiskSpecGrammar(random))],
        xen.JudgeDiskSpecs,
        text => Values(DiskSpec.Parse(text)),
        DiskValues,
        [.. s_diskRefusals.Select(
            r => (r.Reason, (Func<string, string, bool>)((_, said) => said.Contains(r.Words, StringComparison.Ordinal))))]);

    private static IEnumerable<string> Generate(Func<Random, Grammar> grammar)
    {
        Grammar writer = grammar(new Random(1));
        return Enumerable.Range(0, Generated).Select(_ => writer.Next()).Distinct();
    }

    private static void Compare(
        string[] texts,
        Func<IEnumerable<string>, IReadOnlyList<string>> judge,
        Func<string, string> ours,
        Func<JsonElement, string> xens,
        (string Reason, Func<string, string, bool> Applies)[] refusals)
    {
        HashSet<string> unseen = [.. refusals.Select(r => r.Reason)];
        List<string> disagreements = [];
        int both = 0;
        foreach ((string text, string answer) in texts.Zip(judge(texts)))
        {
            string theirs = answer.StartsWith("accepts", StringComparison.Ordinal)
                ? xens(JsonDocument.Parse(answer["accepts".Length..]).RootElement)
                : XensParser.Refuses;
            string our;
            string said = string.Empty;
            try
            {
                our = ours(text);
            }
            catch (XenDriverDomainException error)
            {
                our = XensParser.Refuses;
                said = error.Message;
            }

            both += our != XensParser.Refuses && our == theirs ? 1 : 0;
            string[] reasons = [.. refusals.Where(r => r.Applies(text, said)).Select(r => r.Reason)];
            if (our == XensParser.Refuses && theirs != our)
            {
                unseen.ExceptWith(reasons);
            }

            if (our != theirs && (our != XensParser.Refuses || reasons.Length == 0))
            {
                disagreements.Add($"'{text}'\n  Xen {theirs}\n  we  {our}");
            }
        }

        Assert.True(disagreements.Count == 0, $"{disagreements.Count} disagreements:\n{string.Join('\n', disagreements.Take(50))}");
        Assert.Empty(unseen);
        Assert.InRange(both, texts.Length / 4, texts.Length);
    }

    private static string Values(PciSpec spec) => string.Create(
        CultureInfo.InvariantCulture,
        $"{spec.Address?.ToString()[..^1] ?? "-"}{(spec.AllFunctions ? "*" : spec.Address?.ToString()[^1..])} name {spec.Name ?? "-"} slot "
        + $"{spec.VirtualSlot ?? 0} permissive {spec.Permissive == true} msitranslate {spec.MsiTranslate == true} seize "
        + $"{spec.Seize == true} power {spec.PowerManagement == true} rdm {spec.RdmPolicy?.ToString().ToLowerInvariant() ?? "-"}");

    private static string PciValues(JsonElement pci)
    {
        string name = Text(pci, "name");
        bool all = Number(pci, "vfunc_mask") > 1;
        string address = name.Length > 0 ? "-"
            : string.Create(CultureInfo.InvariantCulture, $"{Number(pci, "domain"):x4}:{Number(pci, "bus"):x2}:{Number(pci, "dev"):x2}.");
        string function = name.Length > 0 ? string.Empty : all ? "*" : Number(pci, "func").ToString(CultureInfo.InvariantCulture);
        string rdm = Text(pci, "rdm_policy");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{address}{function} name {(name.Length > 0 ? name : "-")} slot {Number(pci, "vdevfn") >> 3} "
            + $"permissive {Flag(pci, "permissive")} msitranslate {Flag(pci, "msitranslate")} seize {Flag(pci, "seize")} "
            + $"power {Flag(pci, "power_mgmt")} rdm {(rdm.Length > 0 ? rdm : "-")}");
    }

    private static string Values(DiskSpec disk) =>
        $"target {disk.Target ?? "-"} format {(disk.IsCdrom && disk.Target is null ? "empty" : disk.Format ?? "raw")} vdev "
        + $"{disk.VirtualDevice} writable {disk.IsWritable} cdrom {disk.IsCdrom} backend {disk.Backend?.ToString() ?? "-"} script "
        + $"{disk.Script ?? "-"}";

    private static string DiskValues(JsonElement disk) =>
        $"target {OrDash(Text(disk, "pdev_path"))} format {OrDash(Text(disk, "format"))} vdev {OrDash(Text(disk, "vdev"))} "
        + $"writable {Number(disk, "readwrite") != 0} cdrom {Number(disk, "is_cdrom") != 0} "
        + $"backend {OrDash(Text(disk, "backend_domname"))} script {OrDash(Text(disk, "script"))}";

    private static string OrDash(string text) => text.Length > 0 ? text : "-";

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : string.Empty;

    private static long Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : 0;

    private static bool Flag(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;

    private static IEnumerable<string> AddressesOf(string spec) =>
        ValuesOf(spec, "bdf").Concat(spec.Contains('=', StringComparison.Ordinal) && spec.IndexOf('=', StringComparison.Ordinal) < End(spec)
            ? [] : [spec[..End(spec)].Split('@')[0]]);

    private static int End(string spec) => spec.IndexOf(',', StringComparison.Ordinal) is >= 0 and var comma ? comma : spec.Length;

    private static IEnumerable<string> FlagsOf(string spec) =>
        new[] { "permissive", "msitranslate", "seize", "power_mgmt" }.SelectMany(key => ValuesOf(spec, key));

    private static IEnumerable<string> SlotsOf(string spec) =>
        ValuesOf(spec, "vslot").Concat(spec[..End(spec)].Split('@').Skip(1));

    private static IEnumerable<string> NamesOf(string spec) => ValuesOf(spec, "name");

    // A slot behind the address is the key vslot, and the address itself the key bdf.
    private static IEnumerable<string> KeysOf(string spec)
    {
        string first = spec[..End(spec)];
        return spec.Split(',').Where(p => p.Contains('=', StringComparison.Ordinal)).Select(p => p.Split('=')[0])
            .Concat(first.Contains('=', StringComparison.Ordinal) ? [] : ["bdf"])
            .Concat(first.Contains('@', StringComparison.Ordinal) ? ["vslot"] : []);
    }

    private static IEnumerable<string> ValuesOf(string spec, string key) => spec.Split(',')
        .Where(p => p.StartsWith(key + "=", StringComparison.Ordinal)).Select(p => p[(key.Length + 1)..]);

    [GeneratedRegex(@"^([0-9a-fA-F]{1,4}:)?[0-9a-fA-F]{1,2}:[0-9a-fA-F]{1,2}\.([0-7]|\*)\z")]
    private static partial Regex Address();

    [GeneratedRegex(@"^[0-9a-fA-FxX+\-]+(:[0-9a-fA-FxX+\-\s]+){1,2}\.")]
    private static partial Regex LooseAddress();

    [GeneratedRegex(@"^(0[xX])?[01]?[0-9a-fA-F]\z")]
    private static partial Regex Slot();
}
