namespace XenDriverDomain.Configuration.Xend;

/// <summary>Frame buffers of xm (create.py, configure_vfbs), the old form with type= included.</summary>
internal static class XendFrameBuffer
{
    public static XendPart Convert(string text, XendConversion to)
    {
        List<string> reasons = [];
        if (XendPairs.Split(text, reasons) is not { } pairs)
        {
            return XendPart.Refused("a part of it is no key=value, and xm refuses that");
        }

        List<KeyValuePair<string, string>> kept = [];
        foreach ((string key, string value) in pairs)
        {
            switch (key)
            {
                case "type" when value is "vnc" or "sdl":
                    reasons.Add($"xl says {value}=1");
                    kept.Add(KeyValuePair.Create(value, "1"));
                    break;
                case "vnc" or "vnclisten" or "vncdisplay" or "vncunused" or "vncpasswd" or "sdl" or "opengl" or "display" or "xauthority"
                    or "keymap":
                    kept.Add(KeyValuePair.Create(key, value));
                    break;
                case "videoram" or "serial" or "monitor" or "uuid" or "location" or "other_config" or "devid":
                    reasons.Add($"xl has no '{key}' in a vfb");
                    break;
                default:
                    return XendPart.Refused($"xm has no '{Terminal.Text.Show(key, 40)}' in a vfb, and refuses it");
            }
        }

        return new XendPart([XendPairs.Join(kept)], reasons);
    }
}
