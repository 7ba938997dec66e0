namespace XenDriverDomain.Hide;

/// <summary>A stretch of a <c>hide=</c> value: an element, or what cannot be read.</summary>
/// <param name="Start">Where it begins in the value.</param>
/// <param name="Length">How long it is, without the blanks around it.</param>
/// <param name="Element">What it says; null when it cannot be read.</param>
/// <param name="Fault">Why it cannot be read; null when it can.</param>
internal sealed record HidePart(int Start, int Length, HideElement? Element, HideFault? Fault);
