using System.Globalization;
using XenDriverDomain.Configuration.XlCfg;

namespace XenDriverDomain.Configuration.Xend;

/// <summary>The rules of the table that need more than a row: kernel, boot loader and device model, which xl finds by itself.</summary>
internal static class BootRules
{
    private const string Hvmloader = "hvmloader";

    public static void Kernel(XendConversion to, XendSetting setting)
    {
        if (to.Scalar(setting) is not { } path)
        {
            return;
        }

        if (!to.IsHvm)
        {
            to.Map(setting, "kernel", XlConfigAtom.FromString(path));
        }
        else
        {
            Firmware(to, setting, path);
        }
    }

    public static void Ramdisk(XendConversion to, XendSetting setting)
    {
        if (to.Scalar(setting) is { } path)
        {
            if (to.IsHvm)
            {
                to.Drop(setting, "an HVM guest loads its own");
            }
            else
            {
                to.Map(setting, "ramdisk", XlConfigAtom.FromString(path));
            }
        }
    }

    // In xm's last years, the firmware of an HVM guest when kernel was something else.
    public static void FirmwareFile(XendConversion to, XendSetting setting) => Firmware(to, setting, setting.Text ?? string.Empty);

    public static void Bootloader(XendConversion to, XendSetting setting)
    {
        if (to.Scalar(setting) is not { } path)
        {
            return;
        }

        string name = NameOf(path);
        if (name is "pygrub" or "pvgrub" && name != path)
        {
            to.Change(setting, "bootloader", XlConfigAtom.FromString(name), "xl finds its own, which is not where xend's was");
        }
        else
        {
            to.Map(setting, "bootloader", XlConfigAtom.FromString(path));
        }
    }

    public static void DeviceModel(XendConversion to, XendSetting setting)
    {
        if (to.Scalar(setting) is not { } path)
        {
            return;
        }

        switch (NameOf(path))
        {
            case "qemu-dm":
                to.Drop(setting, "xl finds its own device model");
                break;
            case "stubdom-dm":
                to.Change(
                    setting, "device_model_stubdomain_override", XlConfigAtom.FromNumber(1), "xl makes the stub domain by itself");
                break;
            default:
                to.Change(setting, "device_model_override", XlConfigAtom.FromString(path), "xl says so");
                break;
        }
    }

    public static void VideoMemory(XendConversion to, XendSetting setting)
    {
        // libxl_create.c: what the emulated cards of its device model need at least.
        int least = to.Find("stdvga")?.Text is null or "0" or "no" ? 8 : 16;
        if (int.TryParse(setting.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int megabytes) && megabytes < least)
        {
            to.Drop(setting, $"xl's emulated card needs {least} MiB at least, which it gets without a setting");
        }
        else
        {
            to.Number(setting, "videoram");
        }
    }

    private static void Firmware(XendConversion to, XendSetting setting, string path)
    {
        if (NameOf(path) == Hvmloader)
        {
            to.Drop(setting, "xl finds the firmware of HVM guests by itself");
        }
        else
        {
            to.Change(setting, "firmware_override", XlConfigAtom.FromString(path), "of an HVM guest it is the firmware");
        }
    }

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];
}
