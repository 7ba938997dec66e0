using XenDriverDomain.Xm;

namespace XenDriverDomain.Tests.Configuration.Xm;

/// <summary>What a user sees of xm files: places, refusals, limits, the command line.</summary>
public class XmFileTests
{
    [Fact]
    public void Values_know_where_they_were_written()
    {
        XmResult result = XmFile.Run("memory = 64\ndisk = ['phy:a,xvda,w',\n        'phy:%s,xvdb,w' % 'b']\nmemory = 128\n", "guest.conf");
        Assert.Equal(new XmLocation("guest.conf", 4, 1), result.Find("memory")!.Location);
        Assert.Equal(new XmLocation("guest.conf", 3, 9), result.Find("disk")!.Value.Items[1].Location);
        Assert.Equal("phy:b,xvdb,w", result.Find("disk")!.Value.Items[1].Text);
    }

    [Theory]
    [InlineData("import commands", "commands", 1)]
    [InlineData("import os\nh = os.popen('hostname').read()", "os.popen", 2)]
    [InlineData("import os\nh = os.environ['HOME']", "os.environ", 2)]
    [InlineData("x = open('/etc/passwd').read()", "open", 1)]
    [InlineData("from subprocess import Popen", "subprocess", 1)]
    [InlineData("import socket", "socket", 1)]
    [InlineData("try:\n    import random\nexcept:\n    pass", "random", 2)]
    [InlineData("a = os.uname()[4]", "os.uname", 1)]
    [InlineData("eval('1')", "eval", 1)]
    public void What_reaches_outside_is_refused_by_name(string text, string name, int line)
    {
        XmException error = Assert.Throws<XmException>(() => XmFile.Run(text, "f"));
        Assert.Equal(XmFault.AccessRefused, error.Fault);
        Assert.Contains($"'{name}' is refused", error.Message, StringComparison.Ordinal);
        Assert.Equal(line, error.Location.Line);
    }

    [Theory]
    [InlineData("a = 1\nclass C:\n    pass", 2, 1)]
    [InlineData("with x:\n    pass", 1, 1)]
    [InlineData("exec 'a = 1'", 1, 1)]
    [InlineData("a = 1j", 1, 5)]
    [InlineData("import foo", 1, 1)]
    [InlineData("def f():\n    yield 1", 2, 5)]
    public void What_is_not_run_is_named_with_its_place(string text, int line, int column)
    {
        XmException error = Assert.Throws<XmException>(() => XmFile.Run(text, "f"));
        Assert.Equal(XmFault.ConstructUnsupported, error.Fault);
        Assert.Equal(new XmLocation("f", line, column), error.Location);
    }

    [Theory]
    [InlineData("a = (1,\nb = 2", 1, 5, "not closed")]
    [InlineData("a = [1)", 1, 7, "cannot close")]
    [InlineData("a = 'x", 1, 5, "not closed")]
    [InlineData("if 1:\na = 1", 2, 1, "indented block")]
    [InlineData("  a = 1", 1, 1, "indented")]
    [InlineData("a = 1\n  b = 2", 2, 1, "indented")]
    [InlineData("if 1:\n    a = 1\n  b = 2", 3, 3, "matches no outer level")]
    [InlineData("a = ", 1, 5, "the line ends")]
    [InlineData("1 = a", 1, 1, "cannot be assigned")]
    [InlineData("return 1", 1, 1, "outside a function")]
    [InlineData("a = 09", 1, 5, "no number")]
    [InlineData("memory = 512m", 1, 10, "no number")]
    public void Syntax_errors_point_to_the_place(string text, int line, int column, string words)
    {
        XmException error = Assert.Throws<XmException>(() => XmFile.Run(text, "f"));
        Assert.Equal(XmFault.SyntaxError, error.Fault);
        Assert.Equal(new XmLocation("f", line, column), error.Location);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("while True: pass")]
    [InlineData("a = 'x'\nwhile True: a = a + a")]
    [InlineData("a = []\nfor i in range(10 ** 9): a.append(i)")]
    [InlineData("a = []\na.append(a)\nb = a == [a]\nc = str(a)")]
    [InlineData("a = []\na.append(a)")]
    [InlineData("def f(): return f()\nf()")]
    [InlineData("a = 2 ** 10 ** 10")]
    [InlineData("a = 1 << 10 ** 9")]
    [InlineData("a = '%1000000000d' % 1")]
    [InlineData("a = 'x' * 10 ** 12")]
    [InlineData("a = [0] * 10 ** 10")]
    [InlineData("a = 'x'.zfill(10 ** 9)")]
    [InlineData("import re\nre.search('(a+)+\\\\1b', 'a' * 5000)")]
    [InlineData("def f():\n    try:\n        f()\n    except:\n        f()\nf()")]
    [InlineData("a = ()\nwhile True: a = (a, a)")]
    public void Running_ends_at_its_limits(string text)
    {
        XmException error = Assert.Throws<XmException>(() => XmFile.Run(text));
        Assert.Equal(XmFault.LimitExceeded, error.Fault);
    }

    [Theory]
    [InlineData('(')]
    [InlineData('[')]
    [InlineData('-')]
    [InlineData('`')]
    [InlineData('{')]
    public void Deep_nesting_ends_with_an_error(char open) =>
        Assert.Throws<XmException>(() => XmFile.Run("a = " + new string(open, 100_000)));

    [Theory]
    [InlineData("0", "beid - must be greater than 0")]
    [InlineData("x", "beid - invalid literal for int() with base 10: 'x'")]
    public void The_files_own_check_speaks(string beid, string words)
    {
        const string Text = """
            def beid_check(var, val):
                val = int(val)
                if val <= 0:
                    raise ValueError, "must be greater than 0"
                return val
            xm_vars.var('beid', use="Back end domain id.", check=beid_check)
            xm_vars.check()
            """;
        XmException error = Assert.Throws<XmException>(
            () => XmFile.Run(Text, "f", new XmRunOptions { Variables = [new("beid", beid)] }));
        Assert.Equal(XmFault.ScriptFailed, error.Fault);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_variables_that_a_file_wants_are_told()
    {
        XmResult result = XmFile.Run("xm_vars.var('vmid', use='Machine number')\nxm_vars.check()");
        Assert.Equal(new XmWantedVariable("vmid", "Machine number"), Assert.Single(result.WantedVariables));
    }

    [Theory]
    [InlineData("xm_vars.check()")]
    [InlineData("name = 'vm%d' % vmid")]
    [InlineData("while 1: pass")]
    public void They_are_told_of_a_file_that_does_not_run_without_them(string rest)
    {
        string text = $"""
            def positive(var, val):
                if not val or int(val) <= 0:
                    raise ValueError, "missing"
                return int(val)
            xm_vars.var('vmid', use="Machine number", check=positive)
            xm_vars.var("beid", "R\xc3\xbcckseite", positive)
            {rest}
            xm_vars.var('never', 'Too late')
            """;
        Assert.Equal([new("vmid", "Machine number"), new("beid", "Rückseite")], XmFile.FindWantedVariables(text));
    }

    [Theory]
    [InlineData("(vm (name x))")]
    [InlineData("\0\u001f")]
    [InlineData("xm_vars = 3\nxm_vars.var('a', 'b')")]
    public void A_file_that_asks_for_none_tells_none(string text) => Assert.Empty(XmFile.FindWantedVariables(text));

    [Fact]
    public void Options_of_the_command_line_override_the_file_as_in_xm()
    {
        XmResult result = XmFile.Run(
            "memory = 64\npci = ['05:00.0']\n",
            "f",
            new XmRunOptions { Variables = [new("memory", "512"), new("pci", "01:00.0"), new("pci", "02:03.0"), new("netif", "yes")] });
        Assert.Equal(512, result.Find("memory")!.Value.Number);
        Assert.Equal(["01:00.0", "02:03.0"], result.Find("pci")!.Value.Items.Select(i => i.Text));
        Assert.Equal(1, result.Find("netif")!.Value.Number);
        Assert.True(result.Find("pci")!.IsFromCommandLine);
    }

    [Fact]
    public void An_option_of_the_command_line_that_does_not_fit_is_refused()
    {
        XmException error = Assert.Throws<XmException>(
            () => XmFile.Run(string.Empty, "f", new XmRunOptions { Variables = [new("memory", "much")] }));
        Assert.Equal(XmFault.VariableInvalid, error.Fault);
    }

    [Theory]
    [InlineData("vnc = True", false)]
    [InlineData("vnc = 1", true)]
    [InlineData("vif = ('',)", false)]
    [InlineData("name = u'x'", false)]
    [InlineData("memory = 64L", false)]
    public void What_xm_passes_over_is_marked(string text, bool isTaken) =>
        Assert.Equal(isTaken, Assert.Single(XmFile.Run(text).Settings).IsTakenByXm);

    [Fact]
    public void The_machine_is_told_when_it_is_known()
    {
        XmRunOptions options = new() { Machine = new("Linux", "dom0", "2.6.18-xen", "#1", "x86_64") };
        Assert.Equal("x86_64", XmFile.Run("import os\narch = os.uname()[4]", "f", options).Find("arch")!.Value.Text);
    }

    [Fact]
    public void A_function_that_reads_the_files_variables_is_remarked()
    {
        XmResult result = XmFile.Run("base = 1\ndef f():\n    return base\nmemory = f()\n");
        Assert.Equal(1, result.Find("memory")!.Value.Number);
        XmMessage message = Assert.Single(result.Messages);
        Assert.Equal((XmMessageKind.Remark, 3), (message.Kind, message.Location.Line));
    }

    [Fact]
    public void Windows_line_ends_and_a_byte_order_mark_do_no_harm()
    {
        XmResult result = XmFile.Run("\ufeffmemory = 64\r\nextra = '''a\r\nb'''\r\n");
        Assert.Equal(64, result.Find("memory")!.Value.Number);
        Assert.Equal("a\nb", result.Find("extra")!.Value.Text);
    }

    [Fact]
    public void Text_beyond_ASCII_survives()
    {
        XmSetting setting = XmFile.Run("name = 'gäste'; x = 1", "f").Find("name")!;
        Assert.Equal("gäste", setting.Value.Text);
        Assert.Equal(17, XmFile.Run("name = 'gäste'; x = 1", "f").Find("x")!.Location.Column);
    }
}
