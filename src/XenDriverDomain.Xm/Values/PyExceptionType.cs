namespace XenDriverDomain.Xm.Values;

/// <summary>An exception class of Python 2.</summary>
/// <param name="Name">As Python calls it.</param>
/// <param name="Base">What it derives from; null for BaseException.</param>
internal sealed record PyExceptionType(string Name, PyExceptionType? Base)
{
    public bool IsA(PyExceptionType other)
    {
        for (PyExceptionType? type = this; type is not null; type = type.Base)
        {
            if (type.Name == other.Name)
            {
                return true;
            }
        }

        return false;
    }
}
