using System.Text;
using XenDriverDomain.Access;

namespace XenDriverDomain.Simulation.Files.Tools;

/// <summary>What a small program has printed so far, and how it will end.</summary>
/// <param name="program">Its name, which its complaints begin with.</param>
internal sealed class Output(string program)
{
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _complaints = new();
    private int _exitCode;

    /// <summary>Prints a text as it is.</summary>
    public void Write(string text) => _output.Append(text);

    /// <summary>Prints a line.</summary>
    public void WriteLine(string text) => _output.Append(text).Append('\n');

    /// <summary>Tells a line beside its output, and ends well all the same.</summary>
    public void Say(string text) => _complaints.Append(text).Append('\n');

    /// <summary>Complains, and goes on to a bad end.</summary>
    public void Complain(string text, int exitCode = 1)
    {
        _complaints.Append(program).Append(": ").Append(text).Append('\n');
        Fail(exitCode);
    }

    /// <summary>Complains about an error number, as strerror words it.</summary>
    public void Complain(string text, Errno errno, int exitCode = 1) => Complain($"{text}: {ErrnoWords.Of(errno)}", exitCode);

    /// <summary>Ends badly, without a word.</summary>
    public void Fail(int exitCode) => _exitCode = exitCode;

    /// <summary>How the program ended.</summary>
    public CommandResult ToResult() => new(_exitCode, _output.ToString(), _complaints.ToString());
}
