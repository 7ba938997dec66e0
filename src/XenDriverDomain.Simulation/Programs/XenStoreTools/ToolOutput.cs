using System.Text;
using XenDriverDomain.Access;

namespace XenDriverDomain.Simulation.Programs.XenStoreTools;

/// <summary>What a program prints.</summary>
/// <param name="name">Its name, which begins each complaint.</param>
internal sealed class ToolOutput(string name)
{
    private readonly List<byte> _output = [];
    private readonly StringBuilder _errors = new();

    /// <summary>Prints a text.</summary>
    public void Print(string text) => Print(Encoding.UTF8.GetBytes(text));

    /// <summary>Prints bytes.</summary>
    public void Print(ReadOnlySpan<byte> bytes) => _output.AddRange(bytes);

    /// <summary>Says on the standard error output what went wrong, after the program's name (warnx(3)).</summary>
    public void Complain(string text) => _errors.Append(name).Append(": ").Append(text).Append('\n');

    /// <summary>Says something on the standard error output as it is.</summary>
    public void ComplainAs(string text) => _errors.Append(text).Append('\n');

    /// <summary>The result of the program.</summary>
    public CommandResult ToResult(int exitCode) => new(exitCode, Encoding.UTF8.GetString([.. _output]), _errors.ToString());
}
