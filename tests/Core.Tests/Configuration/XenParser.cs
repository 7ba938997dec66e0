using System.Runtime.InteropServices;
using System.Text;

namespace XenDriverDomain.Tests.Configuration;

/// <summary>Xen's own parser for xl.cfg (tools/libs/util), called in this process: never give it a NUL within a string, it aborts.</summary>
internal static class XenParser
{
    public static string? Library { get; } = Find();

    /// <summary>Whether it accepts a file, and how it reads each of the keys as text and as number.</summary>
    public static (bool Accepted, IReadOnlyList<(string? Text, long? Number)> Values) Read(byte[] data, params string[] keys)
    {
        nint library = NativeLibrary.Load(Library!);
        nint report = OpenFile("/dev/null", "w");
        nint config = Export<InitFunction>(library, "xlu_cfg_init")(report, "test");
        try
        {
            if (Export<ReadFunction>(library, "xlu_cfg_readdata")(config, data, data.Length) != 0)
            {
                return (false, []);
            }

            StringFunction getString = Export<StringFunction>(library, "xlu_cfg_get_string");
            LongFunction getLong = Export<LongFunction>(library, "xlu_cfg_get_long");
            return (true, [.. keys.Select(key => (
                getString(config, key, out nint text, 1) == 0 ? Decode(text) : null,
                getLong(config, key, out long number, 1) == 0 ? number : (long?)null))]);
        }
        finally
        {
            Export<DestroyFunction>(library, "xlu_cfg_destroy")(config);
            _ = CloseFile(report);
        }
    }

    private static string? Find() => Directory.Exists("/usr/lib")
        ? new[] { "/usr/lib", "/usr/lib64", "/usr/local/lib" }
            .Concat(Directory.EnumerateDirectories("/usr/lib"))
            .Where(Directory.Exists)
            .SelectMany(directory => Directory.EnumerateFiles(directory, "libxlutil.so.4.*"))
            .Order(StringComparer.Ordinal)
            .LastOrDefault()
        : null;

    private static string Decode(nint text)
    {
        int length = 0;
        while (Marshal.ReadByte(text, length) != 0)
        {
            length++;
        }

        byte[] bytes = new byte[length];
        Marshal.Copy(text, bytes, 0, length);
        return Encoding.UTF8.GetString(bytes);
    }

    private static T Export<T>(nint library, string name)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(library, name));

    [DllImport("libc", EntryPoint = "fopen", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern nint OpenFile([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [MarshalAs(UnmanagedType.LPUTF8Str)] string mode);

    [DllImport("libc", EntryPoint = "fclose")]
    private static extern int CloseFile(nint file);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nint InitFunction(nint report, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int ReadFunction(nint config, byte[] data, int length);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int StringFunction(nint config, [MarshalAs(UnmanagedType.LPUTF8Str)] string key, out nint value, int quiet);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int LongFunction(nint config, [MarshalAs(UnmanagedType.LPUTF8Str)] string key, out long value, int quiet);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void DestroyFunction(nint config);
}
