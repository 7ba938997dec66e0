namespace XenDriverDomain.Kernels;

/// <summary>An option's value and the place that gives it.</summary>
/// <param name="Value"><c>y</c>, <c>m</c>, <c>n</c>, a number or a text without its quotes.</param>
/// <param name="File">The file that says so.</param>
/// <param name="Line">Its line, from 1; null when it follows from another option.</param>
internal readonly record struct KernelOption(string Value, string File, int? Line)
{
    /// <summary>True for what is there, built in or as a module.</summary>
    public bool IsSet => Value is "y" or "m";
}
