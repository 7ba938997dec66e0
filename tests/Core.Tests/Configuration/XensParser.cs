using System.Diagnostics;
using System.Globalization;
using System.Text;
using XenDriverDomain.Tests.XenStore;

namespace XenDriverDomain.Tests.Configuration;

/// <summary>Xen's own parsers (libxlutil), asked by a small C program in a process of its own: they abort on some texts.</summary>
public sealed class XensParser : IDisposable
{
    public const string Refuses = "refuses";

    public const string Aborts = "aborts";

    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("xdd");
    private readonly Lazy<string> _program;

    public XensParser() => _program = new Lazy<string>(Build);

    /// <summary>Why it cannot be asked here; null when it can.</summary>
    public static string? WhyNot { get; } = Library is null ? "libxlutil is not installed (Debian: libxenmisc, with xen-utils)"
        : XenStoredInstallation.Compiler is null ? "there is no gcc to build the program that calls libxlutil"
        : null;

    private static string? Library => Directory.Exists("/usr/lib")
        ? new[] { "/usr/lib", "/usr/lib64", "/usr/local/lib" }
            .Concat(Directory.EnumerateDirectories("/usr/lib"))
            .Where(Directory.Exists)
            .SelectMany(directory => Directory.EnumerateFiles(directory, "libxlutil.so.4.*"))
            .Order(StringComparer.Ordinal)
            .LastOrDefault()
        : null;

    public void Dispose() => _directory.Delete(recursive: true);

    /// <summary>What it says of files, with the value of each key: a line of the C program's for each, or <see cref="Aborts"/>.</summary>
    public IReadOnlyList<string> JudgeFiles(IReadOnlyList<(byte[] File, IReadOnlyList<string> Keys)> files) =>
        Judge([.. files.Select(f => Question('C', f.File, f.Keys))]);

    /// <summary>What it says of PCI specifications.</summary>
    public IReadOnlyList<string> JudgePciSpecs(IEnumerable<string> specs) =>
        Judge([.. specs.Select(s => Question('P', Encoding.UTF8.GetBytes(s), []))]);

    /// <summary>What it says of disk specifications.</summary>
    public IReadOnlyList<string> JudgeDiskSpecs(IEnumerable<string> specs) =>
        Judge([.. specs.Select(s => Question('D', Encoding.UTF8.GetBytes(s), []))]);

    private static byte[] Question(char kind, byte[] text, IReadOnlyList<string> keys) =>
    [
        .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{kind} {text.Length} {string.Join(' ', keys)}\n")),
        .. text,
    ];

    private List<string> Judge(byte[][] questions)
    {
        List<string> answers = [];
        while (answers.Count < questions.Length)
        {
            int before = answers.Count;
            AskUntilItEnds(questions.AsSpan(before).ToArray(), answers);
            if (answers.Count < questions.Length)
            {
                answers.Add(Aborts);
            }
        }

        return answers;
    }

    private void AskUntilItEnds(byte[][] questions, List<string> answers)
    {
        using Process process = Process.Start(new ProcessStartInfo(_program.Value, [Library!])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using Timer limit = new(_ => process.Kill(), null, s_timeout, Timeout.InfiniteTimeSpan);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task asking = Task.Run(() => Ask(process, questions));
        while (process.StandardOutput.ReadLine() is { } line)
        {
            answers.Add(line);
        }

        process.WaitForExit();
        asking.Wait();

        // 2 to 4 are the program's own; an abort or a fault is what the library did to it.
        Assert.False(process.ExitCode is >= 2 and <= 4, errors.Result);
    }

    private static void Ask(Process process, byte[][] questions)
    {
        try
        {
            using Stream input = new BufferedStream(process.StandardInput.BaseStream, 65536);
            foreach (byte[] question in questions)
            {
                input.Write(question);
            }
        }
        catch (IOException)
        {
            // It ended on one of them.
        }
    }

    private string Build()
    {
        string program = Path.Combine(_directory.FullName, "xens-parser");
        string source = Path.Combine(AppContext.BaseDirectory, "Configuration/Native/xens-parser.c");
        using Process gcc = Process.Start(new ProcessStartInfo(XenStoredInstallation.Compiler!, ["-O1", "-o", program, source, "-ldl"]))!;
        gcc.WaitForExit();
        return gcc.ExitCode == 0 ? program : throw new InvalidOperationException($"gcc failed with {gcc.ExitCode}");
    }
}
