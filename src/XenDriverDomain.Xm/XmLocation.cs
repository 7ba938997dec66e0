namespace XenDriverDomain.Xm;

/// <summary>A place in a file of xm.</summary>
/// <param name="File">The file as the user called it; null for text that came from no file.</param>
/// <param name="Line">Line, from 1; 0 for the file as a whole.</param>
/// <param name="Column">Column in characters, from 1.</param>
public readonly record struct XmLocation(string? File, int Line, int Column);
