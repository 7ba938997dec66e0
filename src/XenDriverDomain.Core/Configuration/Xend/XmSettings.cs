using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Errors;
using XenDriverDomain.Xm;

namespace XenDriverDomain.Configuration.Xend;

/// <summary>Takes from a run xm file what xm takes: the variables that have the names of its options (opts.py, load).</summary>
internal static class XmSettings
{
    /// <summary>The settings of a file.</summary>
    /// <param name="result">What the file said.</param>
    /// <param name="fileName">The file as the user called it; its name is the domain's where it gives none.</param>
    /// <param name="findings">Gets what xm passes over.</param>
    public static List<XendSetting> Of(XmResult result, string? fileName, List<Finding> findings)
    {
        List<XendSetting> settings = [];
        foreach (XmSetting setting in result.Settings)
        {
            // Any other variable is the file's own business; one that xl has a setting for was perhaps meant for it.
            if (!setting.IsXmOption && !XlKeys.IsKnown(setting.Name))
            {
                continue;
            }

            if (setting.IsTakenByXm)
            {
                settings.Add(Take(setting));
            }
            else if (setting.IsXmOption && setting.Value.Kind != XmValueKind.None)
            {
                findings.Add(PassedOver(setting).At(XmReader.PlaceOf(setting.Location)));
            }
        }

        if (fileName is not null && !settings.Exists(s => s.Name == "name" && !s.IsEmpty))
        {
            // create.py, parseCommandLine.
            settings.RemoveAll(s => s.Name == "name");
            settings.Insert(0, new XendSetting("name", new ConfigLocation(fileName, 0, 0)) { Text = Path.GetFileName(fileName) });
        }

        findings.AddRange(result.Messages.Select(Remark));
        return settings;
    }

    private static XendSetting Take(XmSetting setting) => setting.Value.Kind == XmValueKind.List
        ? new XendSetting(setting.Name, XmReader.PlaceOf(setting.Location))
        {
            Items = [.. setting.Value.Items.Select(item => new XendItem(
                item.Text ?? string.Join(',', item.Items.Select(i => i.Text)),
                XmReader.PlaceOf(item.Location.Line > 0 ? item.Location : setting.Location)))],
        }
        : new XendSetting(setting.Name, XmReader.PlaceOf(setting.Location)) { Text = setting.Value.Text };

    private static Finding PassedOver(XmSetting setting) => new(
        ErrorIds.XmTypeIgnored,
        FindingSeverity.Warning,
        setting.Name,
        $"Its value is a {setting.Value.PythonType}, and xm takes texts, numbers and lists only: it passes over the setting "
            + "without a word.",
        setting.Value.Kind == XmValueKind.Boolean ? "Write 1 or 0." : "Write a text, a number or a list.");

    private static Finding Remark(XmMessage message) => new Finding(
        ErrorIds.XmRemark,
        message.Kind == XmMessageKind.Printed ? FindingSeverity.Information : FindingSeverity.Warning,
        "xm",
        message.Kind == XmMessageKind.Printed
            ? $"The file prints: {Terminal.Text.Show(message.Text.TrimEnd('\n'))}"
            : Terminal.Text.Show(message.Text, int.MaxValue),
        message.Kind == XmMessageKind.Printed ? "Nothing needs to be done." : "See whether the file means that.").At(
            XmReader.PlaceOf(message.Location));
}
