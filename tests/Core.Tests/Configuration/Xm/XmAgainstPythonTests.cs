using System.Text.RegularExpressions;

namespace XenDriverDomain.Tests.Configuration.Xm;

/// <summary>That our reader and a real Python leave the same variables, for every file of the corpus.</summary>
public partial class XmAgainstPythonTests
{
    [Fact]
    public void The_corpus_is_large_enough_to_mean_something() =>
        Assert.True(XmCorpus.Files("common").Length + XmCorpus.Files("python2").Length >= 200);

    // Python 3 words its errors otherwise and has one type of whole numbers.
    [PythonFact(3)]
    public void Files_in_the_common_language_give_what_Python_3_gives() =>
        AssertSame(Coarse(Ask(3, "common")), Coarse(Run("common")));

    [PythonFact(2)]
    public void Files_in_the_common_language_give_what_Python_2_gives() =>
        AssertSame(WithoutText(Ask(2, "common")), WithoutText(Run("common")));

    [PythonFact(2)]
    public void Files_in_Python_2_give_what_Python_2_gives() => AssertSame(Ask(2, "python2"), Run("python2"));

    [Fact]
    public void Files_in_Python_2_give_what_Python_2_gave() => AssertSame(
        File.ReadAllLines(Path.Combine(XmCorpus.Root, "python2", "expected.txt")), Run("python2"));

    // Names the files that differ, each with both results.
    private static void AssertSame(IEnumerable<string> python, IEnumerable<string> ours)
    {
        string[] expected = [.. python];
        string[] actual = [.. ours];
        Assert.Equal(expected.Length, actual.Length);
        string[] differences = [.. expected.Zip(actual).Where(p => p.First != p.Second).Select(p => $"{p.First}\n  ours: {p.Second}")];
        Assert.True(differences.Length == 0, string.Join('\n', differences));
    }

    private static string[] Ask(int major, string folder) =>
        Python.Run(Python.Find(major)!, [Path.Combine(XmCorpus.Root, "harness.py"), .. XmCorpus.Files(folder)])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string[] Run(string folder) => [.. XmCorpus.Files(folder).Select(XmCorpus.Run)];

    private static IEnumerable<string> WithoutText(IEnumerable<string> lines) => lines.Select(l => ErrorText().Replace(l, "$1"));

    private static IEnumerable<string> Coarse(IEnumerable<string> lines) =>
        WithoutText(lines).Select(l => UnicodeMark().Replace(LongMark().Replace(l, "$1"), "$1$2"));

    [GeneratedRegex("(\t![A-Za-z]+).*")]
    private static partial Regex ErrorText();

    [GeneratedRegex(@"(?<=[=\[( {<]-?)([0-9]+)L\b")]
    private static partial Regex LongMark();

    [GeneratedRegex("(=|, |\\[|\\()u(')")]
    private static partial Regex UnicodeMark();
}
