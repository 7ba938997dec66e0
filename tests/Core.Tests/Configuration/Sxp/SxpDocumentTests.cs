using XenDriverDomain.Configuration.Xend.Sxp;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Tests.Configuration.Sxp;

public class SxpDocumentTests
{
    [Fact]
    public void A_vm_is_read()
    {
        const string Text = """
            # made by xm create -n
            (vm
                (name 'net dd')
                (memory 128)
                (image (linux (kernel /boot/vmlinuz-2.6-xenU) (root "/dev/sda1 ro") (args '4')))
                (device (vif (bridge xenbr0) (backend 3)))
                (device (pci (dev (domain 0x0)(bus 0x3)(slot 0x1a)(func 0x1))))
                (backend (netif)))
            """;
        SxpList vm = Assert.Single(SxpDocument.Parse(Text, "dd.sxp").Lists("vm"));
        Assert.Equal("net dd", vm.ChildValue("name")!.Text);
        Assert.True(vm.ChildValue("name")!.IsQuoted);
        Assert.Equal("/dev/sda1 ro", vm.Child("image")!.Child("linux")!.ChildValue("root")!.Text);
        SxpList dev = vm.Children("device").Last().Child("pci")!.Child("dev")!;
        Assert.Equal("0x1a", dev.ChildValue("slot")!.Text);
        Assert.Equal(7, dev.Location.Line);
        Assert.Equal("netif", vm.Child("backend")!.Items[1] is SxpList inner ? inner.Name : null);
    }

    [Fact]
    public void Single_device_expressions_and_dumps_are_read()
    {
        SxpDocument document = SxpDocument.Parse("(device (pci (bus 1)(dev 2)(func 0)))(domain (domid 3) (on_reboot restart))");
        Assert.Equal("2", document.Lists("device").Single().Child("pci")!.ChildValue("dev")!.Text);
        Assert.Equal("3", document.Lists("domain").Single().ChildValue("domid")!.Text);
    }

    [Theory]
    [InlineData("(a 'x\\n\\t\\x41\\101\\'\\\"\\\\')", "x\n\tAA'\"\\")]
    [InlineData("(a \"it's # no remark\")", "it's # no remark")]
    [InlineData("(a x,y=z'w)", "x,y=z'w")]
    [InlineData("(a b#c)", "b")]
    [InlineData("(a 'l1\nl2')", "l1\nl2")]
    public void Words_and_strings_are_read_as_xend_reads_them(string text, string value)
    {
        string closed = text.Contains("b#c", StringComparison.Ordinal) ? text + "\n)" : text;
        Assert.Equal(value, ((SxpAtom)((SxpList)SxpDocument.Parse(closed).Items[0]).Items[1]).Text);
    }

    [Fact]
    public void Separators_end_a_word_and_begin_the_next()
    {
        SxpList list = (SxpList)SxpDocument.Parse("(a{b c;d)").Items[0];
        Assert.Equal(["a", "{b", "c", ";d"], list.Items.Cast<SxpAtom>().Select(a => a.Text));
    }

    [Theory]
    [InlineData("(vm\n  (device (pci (bus 1))\n", 2, 3, "(device")]
    [InlineData("(vm))", 1, 5, "closes nothing")]
    [InlineData("(a (b 'x)\n)", 1, 7, "string is not closed")]
    [InlineData("(a\n \u00e4)", 2, 2, "cannot begin a word")]
    [InlineData("(a 'x\\q')", 1, 6, "no escape sequence")]
    [InlineData("(a '\\xg')", 1, 5, "hexadecimal")]
    [InlineData("(a '\\777')", 1, 5, "octal")]
    public void What_is_wrong_is_located(string text, int line, int column, string words)
    {
        ConfigException error = Assert.Throws<ConfigException>(() => SxpDocument.Parse(text, "f"));
        Assert.Equal(ErrorIds.ConfigSyntaxError, error.ErrorId);
        Assert.Equal(new ConfigLocation("f", line, column), error.Location);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_ends_with_an_error() =>
        Assert.Throws<ConfigException>(() => SxpDocument.Parse(new string('(', 100_000)));

    [Fact]
    public void Any_text_is_read_or_refused()
    {
        Random random = new(20060718);
        const string Alphabet = "()()()'\"\\ab01x \n#;{\u00e4\x01";
        for (int i = 0; i < 5_000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
            try
            {
                SxpDocument.Parse(text);
            }
            catch (ConfigException error)
            {
                Assert.Equal(ErrorIds.ConfigSyntaxError, error.ErrorId);
            }
        }
    }
}
