using System.Runtime.InteropServices;

namespace XenDriverDomain.Access.Posix;

/// <summary>An open file, closed when it is disposed, whose calls give error numbers and repeat what a signal interrupted.</summary>
internal sealed unsafe class Descriptor : SafeHandle
{
    private Descriptor(int number)
        : base(-1, ownsHandle: true) => SetHandle(number);

    public override bool IsInvalid => handle == -1;

    public int Number => (int)handle;

    /// <summary>Opens a path; an error number other than 0 comes with a null descriptor.</summary>
    public static int Open(string path, int flags, int mode, out Descriptor? descriptor)
    {
        int number;
        do
        {
            number = Libc.Open(path, flags | Libc.CloseOnExec, mode);
        }
        while (number < 0 && Libc.LastError == Libc.Interrupted);
        descriptor = number < 0 ? null : new Descriptor(number);
        return number < 0 ? Libc.LastError : 0;
    }

    /// <summary>Makes an eventfd(2), with which one thread ends another one's poll.</summary>
    public static Descriptor NewEvent()
    {
        int number = Libc.EventDescriptor(0, Libc.CloseOnExec | Libc.NonBlocking);
        return number >= 0
            ? new Descriptor(number)
            : throw new IOException($"eventfd: {Marshal.GetPInvokeErrorMessage(Libc.LastError)}");
    }

    /// <summary>Reads once; the number of bytes (0 at the end), or minus an error number.</summary>
    public int Read(Span<byte> buffer) => Read(Number, buffer);

    /// <summary>Reads once from a descriptor that somebody else owns.</summary>
    public static int Read(int number, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nint count;
            do
            {
                count = Libc.Read(number, start, buffer.Length);
            }
            while (count < 0 && Libc.LastError == Libc.Interrupted);
            return count < 0 ? -Libc.LastError : (int)count;
        }
    }

    /// <summary>Writes once; the number of bytes taken, or minus an error number.</summary>
    public int Write(ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data)
        {
            nint count;
            do
            {
                count = Libc.Write(Number, start, data.Length);
            }
            while (count < 0 && Libc.LastError == Libc.Interrupted);
            return count < 0 ? -Libc.LastError : (int)count;
        }
    }

    /// <summary>Makes an event descriptor readable.</summary>
    public void Signal()
    {
        Span<byte> one = stackalloc byte[8];
        BitConverter.TryWriteBytes(one, 1UL);
        _ = Write(one);
    }

    protected override bool ReleaseHandle() => Libc.Close(Number) == 0;
}
