using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration.Xend;

/// <summary>
/// Network interfaces of xm (create.py, configure_vifs). Blanks do not count there; for xl one at the end is a part of the value.
/// </summary>
internal static class XendVif
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
                case "accel" or "policy" or "label":
                    reasons.Add($"xl has no '{key}'");
                    break;
                case "type" when value is not ("ioemu" or "vif"):
                    reasons.Add("type is ioemu or vif for xl; any other was a plain vif");
                    kept.Add(KeyValuePair.Create(key, "vif"));
                    break;
                case "backend" or "bridge" or "ip" or "mac" or "script" or "type" or "vifname" or "rate" or "model":
                    if (value.Length > 0)
                    {
                        kept.Add(KeyValuePair.Create(key, value));
                    }
                    else
                    {
                        reasons.Add($"an empty '{key}' is as if it were not there");
                    }

                    break;
                default:
                    return XendPart.Refused($"xm has no '{Terminal.Text.Show(key, 40)}' in a vif, and refuses it");
            }
        }

        string vif = XendPairs.Join(kept);
        try
        {
            VifSpec.Parse(vif);
        }
        catch (XenDriverDomainException e)
        {
            return XendPart.Refused($"it would be no vif for xl: {e.Message}");
        }

        return new XendPart([vif], reasons);
    }
}
