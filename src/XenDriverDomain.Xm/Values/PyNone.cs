namespace XenDriverDomain.Xm.Values;

/// <summary>None.</summary>
internal sealed class PyNone
{
    public static readonly PyNone Value = new();

    private PyNone()
    {
    }
}
