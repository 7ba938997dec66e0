using System.Globalization;
using System.Text;
using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration.Xend;

/// <summary>One conversion of old settings to an xl.cfg: what is written so far, and the report of what became of each.</summary>
internal sealed class XendConversion
{
    private readonly IReadOnlyList<XendSetting> _settings;
    private readonly DomainConfigFormat _format;
    private readonly List<KeyValuePair<string, XlConfigValue>> _written = [];
    private readonly List<ConversionEntry> _report = [];

    private XendConversion(IReadOnlyList<XendSetting> settings, DomainConfigFormat format)
    {
        _settings = settings;
        _format = format;
        IsHvm = Find("builder")?.Text is "hvm";
    }

    /// <summary>True for an HVM guest.</summary>
    public bool IsHvm { get; }

    /// <summary>Where what is written comes from.</summary>
    public ConfigSources Sources { get; } = new();

    /// <summary>What became of each setting, in the order of the file.</summary>
    public IReadOnlyList<ConversionEntry> Report => _report;

    /// <summary>Converts settings.</summary>
    /// <param name="settings">The settings, each once.</param>
    /// <param name="format">The language that they are from.</param>
    /// <param name="isFragment">True for a device without its domain: nothing is added then.</param>
    public static XendConversion Run(IReadOnlyList<XendSetting> settings, DomainConfigFormat format, bool isFragment)
    {
        XendConversion conversion = new(settings, format);
        foreach (XendSetting setting in settings)
        {
            conversion.Convert(setting);
        }

        conversion.Try(conversion.Find("extra"), XendKernelLine.Finish);
        if (!isFragment)
        {
            GeneralRules.AddDefaults(conversion);
        }

        return conversion;
    }

    /// <summary>A setting of the file; null when there is none of that name.</summary>
    public XendSetting? Find(string name) => _settings.FirstOrDefault(s => s.Name == name && !s.IsEmpty);

    /// <summary>True when that key is written already.</summary>
    public bool Has(string key) => _written.Exists(w => w.Key == key);

    /// <summary>The xl.cfg.</summary>
    /// <param name="fileName">The file that was read, for the comment at its head.</param>
    public XlConfigDocument ToDocument(string? fileName)
    {
        StringBuilder text = new("# Converted by XenDriverDomain from ");
        text.Append(_format == DomainConfigFormat.Sxp ? "SXP" : "an xm file");
        if (fileName is not null)
        {
            text.Append(": ").Append(Terminal.Text.Show(fileName));
        }

        text.Append('\n');
        foreach ((string key, XlConfigValue value) in _written)
        {
            text.Append(Line(key, value)).Append('\n');
        }

        return XlConfigDocument.Parse(text.ToString());
    }

    /// <summary>The setting is written under xl's name, and means the same.</summary>
    public void Map(XendSetting setting, string key, XlConfigValue value) =>
        Write(setting, key, value, ConversionAction.Mapped, string.Empty);

    /// <summary>Something is written that does what the setting meant.</summary>
    public void Change(XendSetting setting, string key, XlConfigValue value, string why) =>
        Write(setting, key, value, ConversionAction.Changed, why);

    /// <summary>Adds a line to the report for a setting of which something else was written already.</summary>
    public void Tell(XendSetting setting, ConversionAction action, string? became, string why) =>
        _report.Add(new ConversionEntry(setting.Written, setting.Shown, setting.Location, action, became, why));

    /// <summary>The setting is left out; the domain is the same without.</summary>
    public void Drop(XendSetting setting, string why) => Tell(setting, ConversionAction.Dropped, null, why);

    /// <summary>The setting cannot be carried over.</summary>
    public void Refuse(XendSetting setting, string why) => Tell(setting, ConversionAction.Refused, null, why);

    /// <summary>The line of xl.cfg for a key and a value.</summary>
    public static string Line(string key, XlConfigValue value) => $"{key} = {XlConfigText.Write(value)}";

    /// <summary>The single value of a setting; null, with a refusal told, when it is a list.</summary>
    public string? Scalar(XendSetting setting)
    {
        if (setting.Text is null)
        {
            Refuse(setting, "its value is a list, where one value is wanted");
        }

        return setting.Text;
    }

    /// <summary>A number, read as Python reads a text: always decimal.</summary>
    public void Number(XendSetting setting, string key)
    {
        if (Scalar(setting) is not { } text)
        {
            return;
        }

        string digits = text.Trim();
        if (!decimal.TryParse(
            digits, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal read)
            || decimal.Truncate(read) is < long.MinValue or > long.MaxValue)
        {
            Refuse(setting, "its value is no number");
            return;
        }

        long number = (long)decimal.Truncate(read);
        XlConfigAtom atom = XlConfigAtom.FromNumber(number);
        if (digits == atom.Text)
        {
            Map(setting, key, atom);
        }
        else
        {
            Change(setting, key, atom, digits.StartsWith('0') && read == number
                ? "with a leading zero it is octal for xl"
                : "xl takes a whole number");
        }
    }

    /// <summary>A switch, 0 or 1 in xl.cfg.</summary>
    public void Flag(XendSetting setting, string key)
    {
        if (Scalar(setting) is not { } text)
        {
            return;
        }

        bool? flag = text.Trim().ToLowerInvariant() switch
        {
            "1" or "yes" or "y" or "true" => true,
            "0" or "no" or "n" or "false" => false,
            var other when long.TryParse(other, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) =>
                number != 0,
            _ => null,
        };
        if (flag is not { } on)
        {
            Refuse(setting, "its value is neither yes nor no");
            return;
        }

        XlConfigAtom atom = XlConfigAtom.FromNumber(on ? 1 : 0);
        if (atom.Text == text)
        {
            Map(setting, key, atom);
        }
        else
        {
            Change(setting, key, atom, "xl takes 0 or 1");
        }
    }

    /// <summary>A list, element by element; each has its own line in the report.</summary>
    public void List(XendSetting setting, string key, Func<string, XendConversion, XendPart> convert)
    {
        if (setting.Items is not { } items)
        {
            Refuse(setting, "its value is a single one, where a list is wanted; xm would take each character for an element");
            return;
        }

        foreach (XendItem item in items)
        {
            XendPart part = Expressible(convert(item.Text, this));
            string why = string.Join("; ", part.Reasons);
            foreach (string became in part.Became)
            {
                AddItem(key, became, item.Location);
            }

            string? now = part.Became.Count == 0 ? null : Line(key, XlConfigList.Of(part.Became.Select(XlConfigAtom.FromString)));
            ConversionAction action = now is null
                ? ConversionAction.Refused
                : why.Length > 0 ? ConversionAction.Changed : ConversionAction.Mapped;
            _report.Add(new ConversionEntry(setting.Written, Terminal.Text.Show(item.Text), item.Location, action, now, why));
        }
    }

    /// <summary>Adds an element to a list of xl's.</summary>
    public void AddItem(string key, string item, ConfigLocation location)
    {
        int at = _written.FindIndex(w => w.Key == key);
        XlConfigList list = at < 0 ? XlConfigList.Of([]) : (XlConfigList)_written[at].Value;
        KeyValuePair<string, XlConfigValue> longer = KeyValuePair.Create<string, XlConfigValue>(
            key, XlConfigList.Of([.. list.Items, XlConfigAtom.FromString(item)]));
        if (at < 0)
        {
            _written.Add(longer);
        }
        else
        {
            _written[at] = longer;
        }

        Sources.AddItem(key, location);
    }

    private void Convert(XendSetting setting)
    {
        if (setting.IsEmpty)
        {
            Drop(setting, "it is empty, as if it were not there");
        }
        else if (XendRules.Find(setting.Name) is not { } rule)
        {
            Drop(setting, XlKeys.IsKnown(setting.Name)
                ? "it was passed over then; xl has a setting of that name: add it to the xl.cfg if it is meant"
                : "it was passed over then, and xl would pass over it as well");
        }
        else if (rule.IsHvmOnly && !IsHvm)
        {
            Drop(setting, "it is for HVM guests, and this is none");
        }
        else
        {
            Try(setting, to => rule.Convert(to, setting));
        }
    }

    // A control character has no safe spelling in xl.cfg.
    private void Try(XendSetting? setting, Action<XendConversion> convert)
    {
        try
        {
            convert(this);
        }
        catch (XenDriverDomainException e) when (setting is not null && e.ErrorId == ErrorIds.ConfigNotExpressible)
        {
            Refuse(setting, AsReason(e));
        }
    }

    private static XendPart Expressible(XendPart part)
    {
        try
        {
            _ = part.Became.Select(became => XlConfigText.Quote(became)).ToArray();
            return part;
        }
        catch (XenDriverDomainException e) when (e.ErrorId == ErrorIds.ConfigNotExpressible)
        {
            return XendPart.Refused(AsReason(e));
        }
    }

    private static string AsReason(XenDriverDomainException e) => char.ToLowerInvariant(e.Message[0]) + e.Message[1..].TrimEnd('.');

    private void Write(XendSetting setting, string key, XlConfigValue value, ConversionAction action, string why)
    {
        string line = Line(key, value);
        _written.Add(KeyValuePair.Create(key, value));
        Sources.Add(key, setting.Location);
        Tell(setting, action, line, why);
    }
}

/// <summary>What one element of an old list becomes.</summary>
/// <param name="Became">The elements of xl's list that stand for it; none when it is refused.</param>
/// <param name="Reasons">What is done otherwise than it was written, or why it is refused; none when it says the same as before.</param>
internal sealed record XendPart(IReadOnlyList<string> Became, IReadOnlyList<string> Reasons)
{
    /// <summary>An element that says the same as before.</summary>
    public static XendPart Of(string text) => new([text], []);

    /// <summary>An element that cannot be carried over.</summary>
    public static XendPart Refused(string why) => new([], [why]);
}

/// <summary>An element of a list in an old file: a disk, a vif, a PCI device.</summary>
/// <param name="Text">The element as xm takes it.</param>
/// <param name="Location">Where it was written.</param>
internal readonly record struct XendItem(string Text, ConfigLocation Location);
