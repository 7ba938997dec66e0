using System.Text;
using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Tests.Configuration;

public class XlConfigDocumentTests
{
    private const string Client = """
        # The web server.	Do not touch!
        name = 'web'   # as in DNS
        memory=0512;vcpus  =  2

        disk = [ 'phy:/dev/vg/web,xvda,w',
                 'phy:/dev/vg/swap,xvdb,w',   # swap
               ]
        vif = ['mac=00:16:3e:00:00:01,bridge=xenbr0']
        extra = "console=hvc0"
        extra += " quiet"
        """;

    [Fact]
    public void Values_are_what_xl_reads()
    {
        XlConfigDocument document = XlConfigDocument.Parse(Client);
        Assert.Equal("web", document.GetString("name"));
        Assert.Equal(330, document.GetNumber("memory"));
        Assert.Equal("0512", document.GetString("memory"));
        Assert.Equal("console=hvc0 quiet", document.GetString("extra"));
        Assert.Equal(["phy:/dev/vg/web,xvda,w", "phy:/dev/vg/swap,xvdb,w"], document.GetList("disk")!.Select(a => a.Text));
        Assert.Equal(new ConfigLocation(null, 6, 10), document.GetList("disk")![1].Location);
        Assert.Null(document.GetString("kernel"));
        Assert.Null(document.GetList("pci"));
    }

    [Fact]
    public void What_was_read_is_written_byte_for_byte()
    {
        byte[][] files =
        [
            Encoding.UTF8.GetBytes(Client), Encoding.UTF8.GetBytes("# é\nname='x'"),
            [.. "name='"u8, 0xe9, 0xff, .. "' #"u8, 0xfe, (byte)'\n'],
        ];
        foreach (byte[] file in files)
        {
            Assert.Equal(file, XlConfigDocument.Parse(file).Write());
        }
    }

    [Fact]
    public void A_file_that_is_not_utf8_stays_so_when_it_is_edited()
    {
        byte[] file = [.. "# caf"u8, 0xe9, .. "\nname='x'\n"u8];
        Assert.Equal([.. "# caf"u8, 0xe9, .. "\nname=\"y\"\n"u8], XlConfigDocument.Parse(file).WithString("name", "y").Write());
        XenDriverDomainException error = Assert.Throws<XenDriverDomainException>(
            () => XlConfigDocument.Parse(file).WithString("extra", "€").Write());
        Assert.Equal(ErrorIds.ConfigNotExpressible, error.ErrorId);
    }

    [Theory]
    [InlineData("name = 'x'\nmemory = 512MB\n", 2, 13, "'MB'")]
    [InlineData("Name = 'x'\n", 1, 1, "lower case")]
    [InlineData("name = 'x'\r\n", 1, 11, "Unix line ends")]
    [InlineData("\ufeffname = 'x'\n", 1, 1, "BOM")]
    [InlineData("name = web\n", 1, 8, "quotes")]
    [InlineData("name = 'x\n", 1, 8, "Close it")]
    [InlineData("a = 'C:\\dir'\n", 1, 8, "\\\\")]
    [InlineData("vif = [ 'a'\n 'b' ]\n", 2, 2, "xl.cfg(5)")]
    [InlineData("a = 1\n# the end", 2, 1, "newline")]
    [InlineData("a = ('x')\n", 1, 5, "xm file")]
    [InlineData("a = -1\n", 1, 5, "negative")]
    [InlineData("a = 'x'\na += ['y']\n", 2, 1, "line 1")]
    public void A_mistake_is_pointed_to_with_a_remedy(string text, int line, int column, string remedyOrMessage)
    {
        ConfigException error = Assert.Throws<ConfigException>(() => XlConfigDocument.Parse(text, "/etc/xen/web.cfg"));
        Assert.Equal(ErrorIds.ConfigSyntaxError, error.ErrorId);
        Assert.Equal(new ConfigLocation("/etc/xen/web.cfg", line, column), error.Location);
        Assert.StartsWith($"/etc/xen/web.cfg:{line}:{column}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(remedyOrMessage, error.Message + error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_is_an_error_not_a_crash()
    {
        string text = "a = " + new string('[', 100_000) + new string(']', 100_000);
        Assert.Equal(ErrorIds.ConfigSyntaxError, Assert.Throws<ConfigException>(() => XlConfigDocument.Parse(text)).ErrorId);
    }

    [Fact]
    public void A_value_of_the_wrong_sort_is_not_guessed_at()
    {
        XlConfigDocument document = XlConfigDocument.Parse("a = 'x'\nb = [ '1' ]\nc = 1\nc += 2\nd = [ [ 'x' ] ]\n");
        Assert.Equal(2, Assert.Throws<ConfigException>(() => document.GetString("b")).Location.Line);
        Assert.Equal(1, Assert.Throws<ConfigException>(() => document.GetNumber("a")).Location.Line);
        Assert.Equal(1, Assert.Throws<ConfigException>(() => document.GetList("a")).Location.Line);
        Assert.Throws<ConfigException>(() => document.GetList("d"));
        Assert.Equal("12", document.GetString("c"));
        Assert.Equal(ErrorIds.ConfigValueInvalid, Assert.Throws<ConfigException>(() => document.GetNumber("c")).ErrorId);
    }

    [Theory]
    [InlineData("vif = [ 'a' ]\n", "vif = [ 'a', 'new' ]\n")]
    [InlineData("vif=['a']", "vif=['a', 'new']")]
    [InlineData("vif = [ \"a\" ] # c\n", "vif = [ \"a\", \"new\" ] # c\n")]
    [InlineData("vif = [ 'a', ]\n", "vif = [ 'a', 'new', ]\n")]
    [InlineData("vif = []\n", "vif = [ 'new' ]\n")]
    [InlineData("vif = [ ]\n", "vif = [ 'new' ]\n")]
    [InlineData("vif = [ # none\n]\n", "vif = [ 'new' # none\n]\n")]
    [InlineData("vif = [\n  'a', # one\n  'b'  # two, last\n]\n", "vif = [\n  'a', # one\n  'b',  # two, last\n  'new'\n]\n")]
    [InlineData("vif = [\n\t'a',\n]\n", "vif = [\n\t'a',\n\t'new',\n]\n")]
    [InlineData("vif = [ 'a',\n        'b' ]\n", "vif = [ 'a',\n        'b',\n        'new' ]\n")]
    [InlineData("vif = [ 'a' # c, d\n      ]\n", "vif = [ 'a', 'new' # c, d\n      ]\n")]
    [InlineData("vif = [ 'a'\n      , ]\n", "vif = [ 'a'\n      , 'new', ]\n")]
    [InlineData("vif = ['a']\nvif += ['b']\n", "vif = ['a']\nvif += ['b', 'new']\n")]
    [InlineData("vif = ['a']\nvif = ['b']\n", "vif = ['a']\nvif = ['b', 'new']\n")]
    [InlineData("name = 'x'\n", "name = 'x'\nvif = [ 'new' ]\n")]
    [InlineData("name = 'x'", "name = 'x'\nvif = [ 'new' ]\n")]
    [InlineData("", "vif = [ 'new' ]\n")]
    public void An_element_is_added_in_the_layout_of_the_list(string before, string after)
    {
        XlConfigDocument document = XlConfigDocument.Parse(before);
        XlConfigDocument changed = document.WithListItem("vif", "new");
        Assert.Equal(after, changed.Text);
        Assert.Equal([.. (document.GetList("vif") ?? []).Select(a => a.Text), "new"], changed.GetList("vif")!.Select(a => a.Text));
    }

    [Theory]
    [InlineData("vif = [ 'a', 'b', 'c' ]\n", 0, "vif = [ 'b', 'c' ]\n")]
    [InlineData("vif = [ 'a', 'b', 'c' ]\n", 1, "vif = [ 'a', 'c' ]\n")]
    [InlineData("vif = [ 'a', 'b', 'c' ]\n", 2, "vif = [ 'a', 'b' ]\n")]
    [InlineData("vif = [ 'a' ]\n", 0, "vif = [ ]\n")]
    [InlineData("vif = ['a',]\n", 0, "vif = []\n")]
    [InlineData("vif = [\n  'a', # one\n  'b',\n  'c' # three\n]\n", 0, "vif = [\n  # one\n  'b',\n  'c' # three\n]\n")]
    [InlineData("vif = [\n  'a', # one\n  'b',\n  'c' # three\n]\n", 1, "vif = [\n  'a', # one\n  'c' # three\n]\n")]
    [InlineData("vif = [\n  'a', # one\n  'b'\n]\n", 1, "vif = [\n  'a' # one\n]\n")]
    [InlineData("vif = ['a']\nvif += ['b', 'c']\n", 1, "vif = ['a']\nvif += ['c']\n")]
    public void An_element_is_removed_and_comments_stay(string before, int index, string after)
    {
        XlConfigDocument document = XlConfigDocument.Parse(before);
        List<string> expected = [.. document.GetList("vif")!.Select(a => a.Text)];
        expected.RemoveAt(index);

        XlConfigDocument changed = document.WithoutListItem("vif", index);

        Assert.Equal(after, changed.Text);
        Assert.Equal(expected, changed.GetList("vif")!.Select(a => a.Text));
    }

    [Fact]
    public void Adding_and_removing_at_random_never_breaks_a_list()
    {
        string[] layouts = ["[ 'a', 'b' ]", "['a',\n 'b',\n]", "[\n# c, d\n'a' # e]\n,'b'# f\n]", "[]", "[\n]", "[ 'a'\n\n, ]"];
        Random random = new(7);
        for (int i = 0; i < 2_000; i++)
        {
            XlConfigDocument document = XlConfigDocument.Parse($"x = 1\nvif = {layouts[random.Next(layouts.Length)]} # end\ny = 2\n");
            int comments = document.Text.Count(c => c == '#');
            List<string> expected = [.. document.GetList("vif")!.Select(a => a.Text)];
            for (int step = 0; step < 6; step++)
            {
                if (expected.Count > 0 && random.Next(2) == 0)
                {
                    int index = random.Next(expected.Count);
                    expected.RemoveAt(index);
                    document = document.WithoutListItem("vif", index);
                }
                else
                {
                    string item = random.Next(2) == 0 ? $"n{step}" : $"it's #{step}, [ok]";
                    expected.Add(item);
                    document = document.WithListItem("vif", item);
                    comments += item.Count(c => c == '#');
                }

                Assert.Equal(expected, document.GetList("vif")!.Select(a => a.Text));
            }

            Assert.Equal((1, 2), (document.GetNumber("x"), document.GetNumber("y")));
            Assert.True(document.Text.Count(c => c == '#') >= comments - 6);
        }
    }

    [Fact]
    public void A_scalar_is_changed_where_it_stands()
    {
        XlConfigDocument document = XlConfigDocument.Parse(Client).WithNumber("memory", 1024).WithString("extra", "a\"b").WithNumber(
            "new", -1);
        Assert.Equal(
            Client.Replace("0512", "1024", StringComparison.Ordinal).Replace("+= \" quiet\"", "= \"a\\\"b\"", StringComparison.Ordinal)
                + "\nnew = \"-1\"\n",
            document.Text);
        Assert.Equal("a\"b", document.GetString("extra"));
        Assert.Equal(-1, document.GetNumber("new"));
    }

    [Fact]
    public void A_setting_is_removed_with_its_line()
    {
        XlConfigDocument document = XlConfigDocument.Parse(Client).Without("disk").Without("extra").Without("memory");
        Assert.Equal(
            """
            # The web server.	Do not touch!
            name = 'web'   # as in DNS
            vcpus  =  2

            vif = ['mac=00:16:3e:00:00:01,bridge=xenbr0']

            """,
            document.Text);
    }

    [Theory]
    [InlineData("a\rb")]
    [InlineData("\0")]
    [InlineData("\u001b[31m")]
    public void A_text_that_cannot_be_written_is_refused(string value)
    {
        XenDriverDomainException error = Assert.Throws<XenDriverDomainException>(() => XlConfigDocument.Empty.WithString("name", value));
        Assert.Equal(ErrorIds.ConfigNotExpressible, error.ErrorId);
    }

    [Fact]
    public void Half_a_character_cannot_be_written() =>
        Assert.Throws<XenDriverDomainException>(() => XlConfigDocument.Empty.WithString("name", "x\ud800y"));

    [Theory]
    [InlineData("Name")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a-b")]
    [InlineData("1a")]
    public void A_key_that_xl_cannot_read_is_refused(string key) =>
        Assert.Throws<XenDriverDomainException>(() => XlConfigDocument.Empty.WithNumber(key, 1));

    [Fact]
    public void Notes_survive_and_xl_does_not_see_them()
    {
        XlConfigDocument document = XlConfigDocument.Parse("# Head.\nname = 'dd'\n").WithNote("bridge", "xenbr0");
        Assert.Equal("# Head.\n# XenDriverDomain: bridge=xenbr0\nname = 'dd'\n", document.Text);
        Assert.Equal("xenbr0", document.GetNote("bridge"));
        Assert.Null(document.GetNote("other"));
        Assert.Equal("# Head.\n# XenDriverDomain: bridge=br1\nname = 'dd'\n", document.WithNote("bridge", "br1").Text);
        Assert.Equal("# Head.\nname = 'dd'\n", document.WithNote("bridge", null).Text);
        Assert.Throws<XenDriverDomainException>(() => document.WithNote("bridge", "x\nmemory = 1"));
    }
}
