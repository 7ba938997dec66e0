using System.Text;
using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Fuzz;
using XenDriverDomain.Fuzz.Grammars;

namespace XenDriverDomain.Tests.Configuration;

/// <summary>
/// Our reader and Xen's own accept the same files and read the same values from them. What we refuse on purpose is listed in
/// <see cref="IsRefusedOnPurpose"/>.
/// </summary>
public class XenParserAgreementTests(XensParser xen) : IClassFixture<XensParser>
{
    private const int GeneratedBlocks = 20;

    private static readonly string[] s_snippets =
    [
        "", "\n", ";", ";;a=1;;b=2", "a=1", "a=1\n", " a\t= 1 \n", "a = 1 ; b = 2 # c\n", "a=1 b=2", "a.b=1", "a_1=1", "_a=1", "1a=1",
        "A=1", "a-b=1", "a=-1", "a='-1'", "a=+1", "a=0512", "a=08", "a=0x1f", "a=0x1F", "a=0x1F\n", "a='0X1F'", "a=512m", "a=1g", "a=fa",
        "a=1fa", "a=1x", "a='0x'", "a='0'", "a='00'", "a=' 5'", "a='5 '", "a=''", "a='+5'", "a='+ 5'", "a='-0x10'", "a='- 1'",
        "a=9223372036854775807", "a=9223372036854775808", "a='-9223372036854775808'", "a='-9223372036854775809'",
        "a=99999999999999999999999999999999999999999999999", "a=true", "a=True", "a=yes", "a=(1)", "a='x' 'y'", "a='x'+'y'", "import os",
        "if a:\n a=1\n", "a='x", "a='x\n'", "a=\"it's\"", "a='say \"x\"'", "a='x\\'y'", "a='\\\\'", "a='\\n\\t\\r\\a\\b\\f\\v'",
        "a='\\x41'",
        "a='\\101'", "a='\\1012'", "a='\\10'", "a='\\10x'", "a='\\1 2'", "a='\\1 23'", "a='\\7-1x'", "a='\\1\t\t5'", "a='\\1-'", "a='\\8'",
        "a='\\0'", "a='\\000'", "a='\\q'", "a='\\\n'", "a='C:\\temp'", "a='\\u00e9'", "a='é'", "é=1", "a='\u00a0'", "# only\n",
        "# only", "#",
        "a=1#", "a=1 #\n", "a=1\n#", "a=1\n# c", "a=1@", "a=1 @", "@", "@\n", "a=1\r\n", "a=1\r", "a=1\n\n\r", "# c\r\na=1\n",
        "\ufeffa=1\n",
        "\ufeff", "é", "a=1\n'", "a='", "a=1\n-", "a=1\n- ", "a=[]", "a=[\n]", "a=[,]", "a=['x',]", "a=['x',\n]", "a=['x',,]",
        "a=['x'\n,'y']",
        "a=[\n'x' # c\n, # d\n'y'\n]\n", "a=['x' 'y']", "a=['x';]", "a=['x'", "a='x']", "a=[[1,2],3]", "a=[[],[[]]]", "a=[1\n2]", "a=\n1",
        "a\n=1", "a", "a=", "=1", "'a'=1", "a==1", "a=+=1", "a+=1", "a+='x'", "a=5\na+=6", "a='x'\na+='y'", "a=['x']\na+=['y']",
        "a=['x']\na+='y'", "a='x'\na+=['y']", "a+='x'\na=5\na+='7'", "a=5\na='x'\na=[]", "a=[]\na=7", "a + = 1", "a=1\v", "a=1\f\n",
        "b=['x']\nb=2\na+='q'\na+='r'", "a=1;;;\n;b=0x10;", "a='tab\there'", "a=[#c\n'x'#d\n,#e\n]#f\n", "a=1 # é\n", "a=[ ; ]", "a=1,2",
        "a=1 \\\n", "\0", "#\0\na=1", "a=1\0\n", "a=1\n\0", "a='x'\0", "a=[[[[['x']]],[]],5]", "a=['x']\na+=[['y']]\na+=[]",
        "a='1'\na='2'\na+=3", "a=[1]\na=2\na=[3]", "a=5\na=5;a=",
        "a='\\1\\2\\3'", "a='\\123456'", "a='\\18'", "a='\\1 '", "a='\\1\\n'", "a='\\777\\777'", "a='x\\''", "a=\"\\'\"", "a='\\\\'b=1",
        "a='\\\\';b=1",
    ];

    [XenParserFact]
    public void Both_accept_the_same_hand_made_files_and_read_the_same_values() => Compare(s_snippets.Select(Encoding.UTF8.GetBytes));

    [XenParserFact]
    public void Both_agree_on_every_byte_in_every_place()
    {
        string[] places =
        [
            "a{0}=1\n", "{0}", "a=1{0}", "a='{0}'\n", "a='\\{0}'\n", "a='\\1{0}5'\n", "a=[{0}1]\n", "a=[1{0},2]\n", "#{0}\na=1\n",
            "a=1\n{0}\n",
        ];
        Compare(places.SelectMany(place => Enumerable.Range(0, 256).Select(b => Encoding.Latin1.GetBytes(
            place.Replace("{0}", ((char)b).ToString(), StringComparison.Ordinal)))));
    }

    [XenParserFact]
    public void Both_agree_on_twenty_thousand_generated_files()
    {
        InputSource source = new(random => new XlGrammar(random), []);
        byte[][] files = [.. Enumerable.Range(0, GeneratedBlocks)
            .SelectMany(block => source.Block(block).Select((block % 5 == 4 ? Encoding.Latin1 : Encoding.UTF8).GetBytes))];
        int accepted = Compare(files);
        Assert.InRange(accepted, files.Length / 4, files.Length * 3 / 4);
    }

    [XenParserFact]
    public void Xen_reads_what_our_writer_writes()
    {
        string value = "back\\slash \"double\" 'single' \ttab\nline é";
        byte[] file = XlConfigDocument.Empty.WithString("a", value).WithNumber("b", -12).WithListItem("c", value).Write();

        string hex = "s" + Convert.ToHexStringLower(Encoding.UTF8.GetBytes(value));
        Assert.Equal([$"accepts a={hex}/- b=s2d3132/-12 c=[{hex}]/-"], xen.JudgeFiles([(file, ["a", "b", "c"])]));
    }

    // Returns how many files both accept.
    private int Compare(IEnumerable<byte[]> files)
    {
        (byte[] File, IReadOnlyList<string> Keys)[] questions = [.. files.Select(file => (file, OurParser.KeysOf(file)))];
        IReadOnlyList<string> answers = xen.JudgeFiles(questions);
        List<string> disagreements = [.. questions.Zip(answers)
            .Select(pair => (pair.First.File, Xens: pair.Second, Ours: OurParser.Judge(pair.First.File, pair.First.Keys)))
            .Where(v => v.Xens != v.Ours && !(v.Ours == XensParser.Refuses && IsRefusedOnPurpose(v.File, v.Xens)))
            .Select(v => $"{Encoding.Latin1.GetString(v.File).ReplaceLineEndings("\\n")}\n  Xen {v.Xens}\n  we  {v.Ours}")];
        Assert.True(disagreements.Count == 0, $"{disagreements.Count} disagreements:\n{string.Join('\n', disagreements.Take(50))}");
        return answers.Count(a => a.StartsWith("accepts", StringComparison.Ordinal));
    }

    // A NUL within quotes: its parser takes the rest of the string for lost and aborts.
    private static bool IsRefusedOnPurpose(byte[] file, string xens) => xens == XensParser.Aborts && file.Contains((byte)0);
}
