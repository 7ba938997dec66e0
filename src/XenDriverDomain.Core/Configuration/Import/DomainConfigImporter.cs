using System.Globalization;
using System.Text;
using XenDriverDomain.Configuration.Xend;
using XenDriverDomain.Configuration.Xend.Sxp;
using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Errors;
using XenDriverDomain.Xm;

namespace XenDriverDomain.Configuration.Import;

/// <summary>Reads a domain's configuration in any of the languages it was ever written in.</summary>
public static class DomainConfigImporter
{
    // What os.uname() says to a file that asks: the examples of Xen choose between lib and lib64 by it.
    private static readonly XmMachine s_machine = new("Linux", string.Empty, string.Empty, string.Empty, "x86_64");

    /// <summary>Reads a file's bytes.</summary>
    /// <param name="bytes">The bytes: UTF-8, else Latin-1.</param>
    /// <param name="fileName">The file as the user called it; null when there is none.</param>
    /// <param name="format">The language; Auto to look which it is.</param>
    /// <param name="variables">What stands behind the file's name in <c>xm create FILE beid=4</c> and <c>xl create FILE
    /// memory=64</c>.</param>
    /// <param name="ambiguous">What a file is taken for that both xm and xl would take: Xm to have it carried over, Xl to have it as it
    /// is.</param>
    /// <exception cref="ConfigException">It cannot be read; the message has file, line and column.</exception>
    /// <exception cref="XenDriverDomainException">ConfigVariableInvalid.</exception>
    public static XenDomainConfig Read(
        ReadOnlySpan<byte> bytes,
        string? fileName = null,
        DomainConfigFormat format = DomainConfigFormat.Auto,
        IReadOnlyList<KeyValuePair<string, string>>? variables = null,
        DomainConfigFormat ambiguous = DomainConfigFormat.Xm)
    {
        if (bytes.Length > XlConfigDocument.MaxBytes)
        {
            throw new ConfigException(
                ErrorIds.ConfigSyntaxError,
                new ConfigLocation(fileName, 1, 1),
                $"the file has more than {XlConfigDocument.MaxBytes} bytes.",
                "Is this a configuration file?");
        }

        // A program begins with the character that deletes.
        if ((bytes is [0x7f, ..] ? 0 : bytes.IndexOf((byte)0)) is >= 0 and var binary)
        {
            throw new ConfigException(
                ErrorIds.ConfigSyntaxError,
                new ConfigLocation(fileName, bytes[..binary].Count((byte)'\n') + 1, 0),
                "the file is no text.",
                "Is this a configuration file? A kernel, a disk and an archive are none.");
        }

        byte[] all = bytes.ToArray();
        return Read(TextOf(bytes), () => XlConfigDocument.Parse(all, fileName), fileName, format, variables ?? [], ambiguous);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fileName">The file as the user called it; null when there is none.</param>
    /// <param name="format">The language; Auto to look which it is.</param>
    /// <param name="variables">As for bytes.</param>
    /// <param name="ambiguous">As for bytes.</param>
    /// <exception cref="ConfigException">As for bytes.</exception>
    /// <exception cref="XenDriverDomainException">ConfigVariableInvalid.</exception>
    public static XenDomainConfig Read(
        string text,
        string? fileName = null,
        DomainConfigFormat format = DomainConfigFormat.Auto,
        IReadOnlyList<KeyValuePair<string, string>>? variables = null,
        DomainConfigFormat ambiguous = DomainConfigFormat.Xm)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Read(text, () => XlConfigDocument.Parse(text, fileName), fileName, format, variables ?? [], ambiguous);
    }

    /// <summary>The variables that a configuration wants behind the file's name; those of xl and SXP want none.</summary>
    /// <param name="bytes">The bytes: UTF-8, else Latin-1.</param>
    public static IReadOnlyList<XmWantedVariable> FindWantedVariables(ReadOnlySpan<byte> bytes) => bytes.Length > XlConfigDocument.MaxBytes
        ? []
        : XmFile.FindWantedVariables(TextOf(bytes), new XmRunOptions { Machine = s_machine });

    private static string TextOf(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return new UTF8Encoding(false, true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    private static XenDomainConfig Read(
        string text,
        Func<XlConfigDocument> readXl,
        string? fileName,
        DomainConfigFormat format,
        IReadOnlyList<KeyValuePair<string, string>> variables,
        DomainConfigFormat ambiguous)
    {
        if (format != DomainConfigFormat.Auto)
        {
            return format switch
            {
                DomainConfigFormat.Xl => OfXl(readXl(), variables),
                DomainConfigFormat.Sxp => OfSxp(text, fileName, variables),
                _ => OfXm(text, fileName, variables),
            };
        }

        XlConfigDocument? xl = null;
        ConfigException? whyNotXl = null;
        try
        {
            xl = readXl();
        }
        catch (ConfigException e)
        {
            whyNotXl = e;
        }

        DomainConfigFormat found = ConfigDialect.Of(text, xl, ambiguous);
        try
        {
            return Read(text, readXl, fileName, found, variables, ambiguous);
        }
        catch (ConfigException e) when (whyNotXl is not null && found == DomainConfigFormat.Xm && e.ErrorId == ErrorIds.ConfigSyntaxError
            && ConfigDialect.GotFurther(whyNotXl, e))
        {
            throw whyNotXl;
        }
    }

    private static XenDomainConfig OfXl(XlConfigDocument document, IReadOnlyList<KeyValuePair<string, string>> variables) =>
        new DomainConfigModelReader(WithVariables(document, variables), null).Read(isFragment: false);

    private static XenDomainConfig OfXm(string text, string? fileName, IReadOnlyList<KeyValuePair<string, string>> variables)
    {
        XmResult result = XmReader.Run(text, fileName, new XmRunOptions { Variables = variables, Machine = s_machine });
        List<Finding> findings = [];
        List<XendSetting> settings = XmSettings.Of(result, fileName, findings);
        int asked = text.IndexOf("uname", StringComparison.Ordinal);
        if (asked >= 0)
        {
            findings.Add(MachineAssumed(text, asked, fileName));
        }

        return Converted(XendConversion.Run(settings, DomainConfigFormat.Xm, false), DomainConfigFormat.Xm, fileName, false, findings);
    }

    private static XenDomainConfig OfSxp(string text, string? fileName, IReadOnlyList<KeyValuePair<string, string>> variables)
    {
        if (variables.Count > 0)
        {
            throw new XenDriverDomainException(
                ErrorIds.ConfigVariableInvalid,
                ErrorKind.InvalidArgument,
                $"SXP has no variables: '{Terminal.Text.Show(variables[0].Key, 40)}' would have no effect.",
                "Leave -Variable out, or convert the file and change the xl.cfg.",
                fileName);
        }

        SxpSettings read = SxpSettings.Read(SxpDocument.Parse(text, fileName), fileName);
        return Converted(
            XendConversion.Run(read.Settings, DomainConfigFormat.Sxp, read.IsFragment), DomainConfigFormat.Sxp, fileName,
            read.IsFragment, []);
    }

    private static XenDomainConfig Converted(
        XendConversion conversion, DomainConfigFormat format, string? fileName, bool isFragment, List<Finding> findings)
    {
        XenDomainConfig model = new DomainConfigModelReader(conversion.ToDocument(fileName), conversion.Sources).Read(isFragment);
        findings.AddRange(conversion.Report.Where(e => e.Action == ConversionAction.Refused).Select(Refused));
        return model with
        {
            Path = fileName,
            Format = format,
            Conversion = conversion.Report,
            Findings = [.. findings.Concat(model.Findings).OrderBy(f => f.Line ?? int.MaxValue).ThenBy(f => f.Column)],
        };
    }

    private static Finding Refused(ConversionEntry entry) => new Finding(
        ErrorIds.ConversionRefused,
        FindingSeverity.Error,
        entry.Setting,
        $"'{Terminal.Text.Show(entry.Value, 60)}' cannot be carried over to xl.cfg: {entry.Reason}.",
        "Change or remove it in the file.")
    {
        Kind = ErrorKind.InvalidArgument,
    }.At(entry.Location);

    private static Finding MachineAssumed(string text, int index, string? fileName)
    {
        int lineStart = text.LastIndexOf('\n', index) + 1;
        return new Finding(
            ErrorIds.MachineAssumed,
            FindingSeverity.Information,
            "os.uname",
            "The file asks for the machine it runs on, and was answered: Linux on x86_64, without a name.",
            "Nothing needs to be done where it only looks for paths of "
                + "device models.").At(new ConfigLocation(fileName, text.AsSpan(0, index).Count('\n') + 1, index - lineStart + 1));
    }

    // xl appends each to the file as a line; a list is given once for each element, as with xm.
    private static XlConfigDocument WithVariables(XlConfigDocument document, IReadOnlyList<KeyValuePair<string, string>> variables)
    {
        foreach (IGrouping<string, string> variable in variables.GroupBy(v => v.Key, v => v.Value, StringComparer.Ordinal))
        {
            string[] values = [.. variable];
            bool isList = values.Length > 1 || variable.Key is "pci" or "vif" or "disk" or "vfb" or "irqs" or "ioports" or "iomem";
            document = document.WithValue(variable.Key, isList ? XlConfigList.Of(values.Select(XlConfigAtom.FromString)) : Atom(values[0]));
        }

        return document;
    }

    private static XlConfigAtom Atom(string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && (value == "0" || value[0] != '0')
            ? XlConfigAtom.FromNumber(number)
            : XlConfigAtom.FromString(value);
}
