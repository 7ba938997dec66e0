namespace XenDriverDomain.Configuration.Xend;

/// <summary>
/// Virtual TPMs of xm (create.py, preprocess_vtpm). xl's are another thing: each has a domain of its own as its back end.
/// </summary>
internal static class XendVtpm
{
    public static XendPart Convert(string text, XendConversion to)
    {
        List<string> reasons = [];
        if (XendPairs.Split(text, reasons) is not { } pairs || pairs.Any(p => p.Key is not ("backend" or "instance" or "uuid" or "type")))
        {
            return XendPart.Refused("xm knows backend, instance and uuid in a vtpm, and refuses anything else");
        }

        if (pairs.All(p => p.Key != "backend"))
        {
            return XendPart.Refused("xl's vtpm needs the domain that backs it: backend=DOMAIN");
        }

        if (pairs.Any(p => p.Key is "instance" or "type"))
        {
            reasons.Add("the instances of vtpmd are gone; the uuid tells one vtpm of the back end from another");
        }

        return new XendPart([XendPairs.Join(pairs.Where(p => p.Key is "backend" or "uuid"))], reasons);
    }
}
