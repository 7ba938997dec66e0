namespace XenDriverDomain.Configuration.Xend;

/// <summary>
/// USB controllers of xm (create.py, configure_vusbs). xl names devices by bus and address, not by their port on the host.
/// </summary>
internal static class XendUsb
{
    public static XendPart Convert(string text, XendConversion to)
    {
        List<string> reasons = [];
        if (XendPairs.Split(text, reasons) is not { } pairs)
        {
            return XendPart.Refused("a part of it is no key=value, and xm refuses that");
        }

        if (pairs.Any(p => p.Key.StartsWith("port_", StringComparison.Ordinal) && p.Value.Length > 0))
        {
            return XendPart.Refused("xl takes a device by its bus and address: write usbctrl and usbdev");
        }

        string version = pairs.Find(p => p.Key == "usbver").Value ?? "2";
        string ports = pairs.Find(p => p.Key == "numports").Value ?? "8";
        return version is not ("1" or "2") || !int.TryParse(ports, out int number) || number is < 1 or > 16
            ? XendPart.Refused("usbver is 1 or 2, and numports 1 to 16")
            : new XendPart([$"type=pv,version={version},ports={ports}"], ["xl calls a controller without devices usbctrl"]);
    }
}
