using System.Text;
using XenDriverDomain.Configuration;

namespace XenDriverDomain.Tests.Configuration;

/// <summary>Our reader and Xen's own must accept the same files and read the same values from them.</summary>
public class XenParserAgreementTests
{
    private static readonly string[] s_snippets =
    [
        "", "\n", ";", ";;a=1;;b=2", "a=1", "a=1\n", " a\t= 1 \n", "a = 1 ; b = 2 # c\n", "a=1 b=2", "a.b=1", "a_1=1", "_a=1", "1a=1",
        "A=1", "a-b=1", "a=-1", "a='-1'", "a=+1", "a=0512", "a=08", "a=0x1f", "a=0x1F", "a=0x1F\n", "a='0X1F'", "a=512m", "a=1g", "a=fa",
        "a=1fa", "a=1x", "a='0x'", "a='0'", "a='00'", "a=' 5'", "a='5 '", "a=''", "a='+5'", "a='+ 5'", "a='-0x10'", "a='- 1'",
        "a=9223372036854775807", "a=9223372036854775808", "a='-9223372036854775808'", "a='-9223372036854775809'",
        "a=99999999999999999999999999999999999999999999999", "a=true", "a=True", "a=yes", "a=(1)", "a='x' 'y'", "a='x'+'y'", "import os",
        "if a:\n a=1\n", "a='x", "a='x\n'", "a=\"it's\"", "a='say \"x\"'", "a='x\\'y'", "a='\\\\'", "a='\\n\\t\\r\\a\\b\\f\\v'", "a='\\x41'",
        "a='\\101'", "a='\\1012'", "a='\\10'", "a='\\10x'", "a='\\1 2'", "a='\\1 23'", "a='\\7-1x'", "a='\\1\t\t5'", "a='\\1-'", "a='\\8'",
        "a='\\0'", "a='\\000'", "a='\\q'", "a='\\\n'", "a='C:\\temp'", "a='\\u00e9'", "a='é'", "é=1", "a='\u00a0'", "# only\n", "# only", "#",
        "a=1#", "a=1 #\n", "a=1\n#", "a=1\n# c", "a=1@", "a=1 @", "@", "@\n", "a=1\r\n", "a=1\r", "a=1\n\n\r", "# c\r\na=1\n", "\ufeffa=1\n",
        "\ufeff", "é", "a=1\n'", "a='", "a=1\n-", "a=1\n- ", "a=[]", "a=[\n]", "a=[,]", "a=['x',]", "a=['x',\n]", "a=['x',,]", "a=['x'\n,'y']",
        "a=[\n'x' # c\n, # d\n'y'\n]\n", "a=['x' 'y']", "a=['x';]", "a=['x'", "a='x']", "a=[[1,2],3]", "a=[[],[[]]]", "a=[1\n2]", "a=\n1",
        "a\n=1", "a", "a=", "=1", "'a'=1", "a==1", "a=+=1", "a+=1", "a+='x'", "a=5\na+=6", "a='x'\na+='y'", "a=['x']\na+=['y']",
        "a=['x']\na+='y'", "a='x'\na+=['y']", "a+='x'\na=5\na+='7'", "a=5\na='x'\na=[]", "a=[]\na=7", "a + = 1", "a=1\v", "a=1\f\n",
        "b=['x']\nb=2\na+='q'\na+='r'", "a=1;;;\n;b=0x10;", "a='tab\there'", "a=[#c\n'x'#d\n,#e\n]#f\n", "a=1 # é\n", "a=[ ; ]", "a=1,2",
        "a=1 \\\n", "\0", "#\0\na=1", "a=1\0\n", "a=1\n\0",
    ];

    [XenParserFact]
    public void Both_accept_the_same_snippets_and_read_the_same_values()
    {
        List<string> disagreements = [.. s_snippets
            .Select(snippet => (Snippet: snippet, Xen: XensView(Encoding.UTF8.GetBytes(snippet)), Ours: OurView(Encoding.UTF8.GetBytes(snippet))))
            .Where(pair => pair.Xen != pair.Ours)
            .Select(pair => $"{pair.Snippet.ReplaceLineEndings("\\n")}: Xen {pair.Xen}, we {pair.Ours}")];
        Assert.Empty(disagreements);
    }

    [XenParserFact]
    public void Both_agree_on_files_put_together_at_random()
    {
        string[] pieces =
        [
            "a", "b", "a", "b", "=", "=", "=", "+=", "1", "0x1f", "07", "08", "'x'", "\"y\"", "'\\n'", "'\\12'", "'5'", "[", "]", ",", ";", "\n",
            "\n", " ", "\t", "# c\n", "#", "[]", "['x']", "['x','y',]", "-", "Z", "'", "\\", "\r", "é", "+", "a=1\n", "b='q'\n", "a+='z'\n", "a=[1]\n",
        ];

        // A fixed seed: the same files each time.
        Random random = new(4711);
        List<string> disagreements = [];
        int accepted = 0;
        for (int i = 0; i < 20_000; i++)
        {
            string file = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => pieces[random.Next(pieces.Length)]));
            byte[] bytes = Encoding.UTF8.GetBytes(file);
            string xen = XensView(bytes);
            string ours = OurView(bytes);
            accepted += xen == "refuses" ? 0 : 1;
            if (xen != ours)
            {
                disagreements.Add($"{file.Replace("\n", "\\n", StringComparison.Ordinal)}: Xen {xen}, we {ours}");
            }
        }

        Assert.Empty(disagreements);
        Assert.True(accepted > 1000, $"only {accepted} of the files were accepted: the pieces are badly chosen");
    }

    [XenParserFact]
    public void Xen_reads_what_our_writer_writes()
    {
        string value = "back\\slash \"double\" 'single' \ttab\nline é";
        XlConfigDocument document = XlConfigDocument.Empty.WithString("a", value).WithNumber("b", -12);

        (bool accepted, IReadOnlyList<(string? Text, long? Number)> values) = XenParser.Read(document.Write(), "a", "b");

        Assert.True(accepted);
        Assert.Equal(value, values[0].Text);
        Assert.Equal(-12, values[1].Number);
    }

    private static string XensView(byte[] file)
    {
        (bool accepted, IReadOnlyList<(string? Text, long? Number)> values) = XenParser.Read(file, "a", "b");
        return accepted ? $"reads {Show(values[0])} {Show(values[1])}" : "refuses";
    }

    private static string OurView(byte[] file)
    {
        try
        {
            XlConfigDocument document = XlConfigDocument.Parse(file);
            Assert.Equal(file, document.Write());
            return $"reads {Show(ValueOf(document, "a"))} {Show(ValueOf(document, "b"))}";
        }
        catch (ConfigException)
        {
            return "refuses";
        }
    }

    private static (string? Text, long? Number) ValueOf(XlConfigDocument document, string key)
    {
        string? text = document.GetValue(key) is XlConfigAtom ? document.GetString(key) : null;
        try
        {
            return (text, text is null ? null : document.GetNumber(key));
        }
        catch (ConfigException)
        {
            return (text, null);
        }
    }

    private static string Show((string? Text, long? Number) value) => $"<{value.Text ?? "-"}|{value.Number?.ToString() ?? "-"}>";
}
