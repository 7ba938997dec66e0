using XenDriverDomain.Xm;

namespace XenDriverDomain.Tests.Configuration.Xm;

/// <summary>That any text is run or refused, never more. The driver in tests/fuzz does the same at length.</summary>
public class XmFuzzTests
{
    [Fact]
    public void Damaged_files_are_run_or_refused()
    {
        string[] seeds = [.. XmCorpus.Files("common").Concat(XmCorpus.Files("python2")).Select(File.ReadAllText)];
        Random random = new(4);
        for (int i = 0; i < 3_000; i++)
        {
            char[] text = seeds[random.Next(seeds.Length)].ToCharArray();
            string other = seeds[random.Next(seeds.Length)];
            for (int n = random.Next(1, 5); n > 0 && text.Length > 0 && other.Length > 0; n--)
            {
                text[random.Next(text.Length)] = other[random.Next(other.Length)];
            }

            RunOrRefuse(new string(text));
        }
    }

    // Lists that are one object many times over cost next to nothing to make, and were compared element by element for nothing.
    [Fact]
    public void Sorting_lists_of_the_same_lists_ends_at_the_limit() =>
        Assert.Contains("steps", Assert.Throws<XmException>(() => XmFile.Run(
            "c = [1]\nfor i in range(5):\n    c = [c, c] * 9999\nc.sort()\n")).Message, StringComparison.Ordinal);

    // Only an XmException may come out; anything else fails the test by itself.
    private static void RunOrRefuse(string text)
    {
        try
        {
            Assert.NotNull(XmFile.Run(text).Settings);
        }
        catch (XmException error)
        {
            Assert.NotEmpty(error.Remedy);
        }
    }
}
