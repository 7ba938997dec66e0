using System.Text;

namespace XenDriverDomain.Fuzz.Grammars;

/// <summary>
/// Writes random files by the rules of a language, and now and then against them. The same random numbers give the same files.
/// </summary>
internal abstract class Grammar(Random random)
{
    // What has no end by itself, such as a list in a list, ends there.
    private const int LongestFile = 4096;

    private readonly StringBuilder _text = new();
    private bool _isCareful;

    /// <summary>The next file.</summary>
    public string Next()
    {
        _text.Clear();
        _isCareful = Chance(60);
        WriteFile();
        return _text.ToString(0, Math.Min(_text.Length, LongestFile));
    }

    protected abstract void WriteFile();

    protected bool IsLong => _text.Length > LongestFile / 2;

    protected int Number(int below) => random.Next(below);

    /// <summary>True in so many of a hundred cases.</summary>
    protected bool Chance(int percent) => random.Next(100) < percent;

    /// <summary>True where a rule is to be broken; in most files none is, since one broken rule hides what comes behind it.</summary>
    protected bool Breaks(int percent) => !_isCareful && Chance(percent);

    protected void Write(string text) => _text.Append(text);

    protected void WriteOne(string[] words) => Write(OneOf(words));

    protected string OneOf(string[] words) => words[random.Next(words.Length)];

    protected void TrimEnd(char c)
    {
        if (_text.Length > 0 && _text[^1] == c)
        {
            _text.Length--;
        }
    }
}
