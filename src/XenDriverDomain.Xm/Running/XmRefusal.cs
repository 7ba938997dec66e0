namespace XenDriverDomain.Xm.Running;

/// <summary>The file uses something that is not run here; it cannot catch it. The evaluator adds the place.</summary>
/// <param name="fault">Why the file ends.</param>
/// <param name="problem">What it uses, and why that is refused; a sentence without its end.</param>
/// <param name="remedy">What to do instead; a sentence.</param>
internal sealed class XmRefusal(XmFault fault, string problem, string remedy) : Exception(problem)
{
    public XmFault Fault { get; } = fault;

    public string Remedy { get; } = remedy;

    /// <summary>A part of Python that is harmless, but is not known here.</summary>
    public static XmRefusal Unsupported(string construct) => new(
        XmFault.ConstructUnsupported,
        $"{construct} is not supported; only a safe part of Python 2 is run here",
        "Write it with plain assignments, or convert the file by hand.");
}
