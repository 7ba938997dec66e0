using System.Diagnostics;
using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Tests.Changes;

/// <summary>What a plan says it does, a POSIX shell does: the texts are run here by the machine's own sh.</summary>
public sealed class StepsAsDataTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("steps").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("0000:03:00.0")]
    [InlineData("\n")]
    [InlineData("it's $(a) `b` \"c\" \\ %s ~")]
    public void A_write_stores_exactly_its_bytes(string text)
    {
        string file = Path.Combine(_folder, "an attribute");
        File.WriteAllText(file, string.Empty);

        Assert.Equal(0, Run(new WriteAttribute(file, text).ToShell()));

        Assert.Equal(text, File.ReadAllText(file));
    }

    [Theory]
    [InlineData("name = \"netdd\"\nmemory = 384\n")]
    [InlineData("no end of line")]
    [InlineData("quotes ' and $(dollars)\nXENDRIVERDOMAIN\n\\n\n")]
    [InlineData("grüße\t\n")]
    [InlineData("")]
    public void A_file_has_exactly_its_bytes_and_its_mode(string content)
    {
        string file = Path.Combine(_folder, "deep", "it's a file.cfg");
        Assert.Equal(0, Run(new ReplaceFile(file, Encoding.UTF8.GetBytes("before")).ToShell()));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Equal(0, Run(new ReplaceFile(file, Encoding.UTF8.GetBytes(content)).ToShell()));

        Assert.Equal(content, File.ReadAllText(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(file)!));
        Assert.Equal(0, Run(new DeleteFile(file).ToShell()));
        Assert.False(File.Exists(file));
    }

    [Fact]
    public void A_program_gets_its_arguments_as_they_are()
    {
        string file = Path.Combine(_folder, "out");
        string[] arguments = ["-c", "printf '%s|' \"$@\" > \"$0\"", file, "a b", "'", "$HOME", string.Empty, "*"];

        Assert.Equal(0, Run(new RunProgram("sh", arguments).ToShell()));

        Assert.Equal("a b|'|$HOME||*|", File.ReadAllText(file));
    }

    [Theory]
    [InlineData("driver", true)]
    [InlineData("driv*", true)]
    [InlineData("no*", false)]
    [InlineData("none", false)]
    public void A_path_is_there_or_not(string path, bool isThere)
    {
        File.WriteAllText(Path.Combine(_folder, "driver"), string.Empty);
        PathExists condition = new($"{_folder}/{path}");

        Assert.Equal(isThere, Run(condition.ToShell()) == 0);
        Assert.Equal(isThere, Run((!condition).ToShell()) != 0);
        Assert.Equal(isThere, Run((!(condition & condition)).ToShell()) != 0);
    }

    [Fact]
    public void A_line_counts_as_a_whole()
    {
        string file = Path.Combine(_folder, "slots");
        File.WriteAllText(file, "0000:03:00.0\n0000:04:00.0\n");

        Assert.Equal(0, Run(new HasLine(file, "0000:04:00.0").ToShell()));
        Assert.NotEqual(0, Run(new HasLine(file, "00:04:00.0").ToShell()));
    }

    [Fact]
    public void A_file_is_what_it_was_or_not()
    {
        string file = Path.Combine(_folder, "grub");
        File.WriteAllText(file, "grüße\n");

        Assert.Equal(0, Run(new FileIs(file, Encoding.UTF8.GetBytes("grüße\n")).ToShell()));
        Assert.NotEqual(0, Run(new FileIs(file, Encoding.UTF8.GetBytes("grüße")).ToShell()));
        Assert.NotEqual(0, Run(new FileIs(file, null).ToShell()));
        Assert.Equal(0, Run(new FileIs(file + "2", null).ToShell()));
    }

    [Fact]
    public void Nodes_are_changed_by_the_tools_that_dom0_has()
    {
        XenStorePath record = XenStorePath.Parse("/libxl/pci/0000-03-00-0/driver_path");
        ChangeNodes change = new(
            new WriteNode(record, "a value") { OnlyIfMissing = true },
            new RemoveNode(record) { UpTo = XenStorePath.Parse("/libxl/pci"), If = new NodeIs(record, "it's") })
        {
            While = new NodeExists(record),
        };

        string log = Recorded(change.ToShell(), exists: true);

        Assert.Equal(
            "xenstore-exists /libxl/pci/0000-03-00-0/driver_path\n"
            + "xenstore-exists /libxl/pci/0000-03-00-0/driver_path\n"
            + "xenstore-read /libxl/pci/0000-03-00-0/driver_path\n",
            log);
    }

    [Fact]
    public void A_wait_ends_when_it_is_so_and_when_its_time_is_over()
    {
        string file = Path.Combine(_folder, "there");
        Assert.Equal(0, Run(new WaitFor(new PathExists(_folder), TimeSpan.FromHours(1)).ToShell()));
        Assert.Equal(
            0,
            Run($"(sleep 0.2; : > {file}) & " + new WaitFor(new PathExists(file), TimeSpan.FromHours(1)).ToShell() + $"; [ -e {file} ]"));
        Assert.NotEqual(0, Run(new WaitFor(new PathExists(file + "2"), TimeSpan.FromSeconds(1)).ToShell() + $"; [ -e {file}2 ]"));
    }

    [Fact]
    public void A_step_shows_its_undo_as_a_comment_and_its_words_do_nothing()
    {
        ChangeStep step = HostFileStep.Set("Write it\nrm -rf /", Path.Combine(_folder, "x"), "a\n"u8.ToArray(), null) with
        {
            UndoDescription = "Delete it\r\nrm -rf /",
        };

        string text = step.ToShell();

        Assert.Equal(0, Run(text));
        Assert.Equal("a\n", File.ReadAllText(Path.Combine(_folder, "x")));
        Assert.DoesNotContain(text.Split('\n'), line => line.StartsWith("rm -rf", StringComparison.Ordinal));
        Assert.Contains("# Write it rm -rf /", text, StringComparison.Ordinal);
        Assert.EndsWith($"#   undo: Delete it rm -rf /\n#     rm -f {_folder}/x", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_can_be_taken_back_by_a_shell()
    {
        string one = Path.Combine(_folder, "one"), two = Path.Combine(_folder, "two");
        File.WriteAllText(two, "before\n");
        ChangePlan plan = new("T",
        [
            HostFileStep.Set("Write one", one, "1\n"u8.ToArray(), null),
            HostFileStep.Set("Write two", two, "2\n"u8.ToArray(), "before\n"u8.ToArray()),
        ]);

        Assert.Equal(0, Run(plan.ToShell()));
        Assert.Equal(("1\n", "2\n"), (File.ReadAllText(one), File.ReadAllText(two)));

        Assert.Equal(0, Run(plan.UndoToShell()));
        Assert.False(File.Exists(one));
        Assert.Equal("before\n", File.ReadAllText(two));
    }

    // What was written twice is what it was before the first time.
    [Fact]
    public void The_newest_step_is_taken_back_first()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "0\n");
        ChangePlan plan = new("T",
        [
            HostFileStep.Set("Write it", file, "1\n"u8.ToArray(), "0\n"u8.ToArray()),
            new ChangeStep("Look at it", new Look((_, _) => Task.CompletedTask)),
            HostFileStep.Set("Write it again", file, "2\n"u8.ToArray(), "1\n"u8.ToArray()),
        ]);

        Assert.Equal(0, Run(plan.ToShell()));
        Assert.Equal("2\n", File.ReadAllText(file));
        Assert.Equal(0, Run(plan.UndoToShell()));
        Assert.Equal("0\n", File.ReadAllText(file));
        Assert.DoesNotContain("\n\n", plan.UndoToShell(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_goes_with_the_empty_folders_above_it_only_where_that_is_meant()
    {
        XenStorePath node = XenStorePath.Parse("/a/b");

        Assert.Equal("xenstore-exists /a/b\nxenstore-rm /a/b\n", Recorded(new ChangeNodes(new RemoveNode(node)).ToShell(), exists: true));
        File.Delete(Path.Combine(_folder, "log"));
        Assert.Equal(
            "xenstore-exists /a/b\nxenstore-rm -t /a/b\n",
            Recorded(new ChangeNodes(new RemoveNode(node) { UpTo = XenStorePath.Parse("/a") }).ToShell(), exists: true));
        File.Delete(Path.Combine(_folder, "log"));
        Assert.Equal("xenstore-write /a/b 1\n", Recorded(new ChangeNodes(new WriteNode(node, "1")).ToShell(), exists: true));
    }

    [Theory]
    [InlineData("a b~\n", true)]
    [InlineData("\x7f\n", false)]
    [InlineData("\x1f\n", false)]
    public void A_plain_text_is_shown_as_it_is(string text, bool isPlain)
    {
        string shell = new ReplaceFile(Path.Combine(_folder, "x"), Encoding.UTF8.GetBytes(text)).ToShell();

        Assert.Equal(isPlain, shell.Contains("<<", StringComparison.Ordinal));
        Assert.Equal(0, Run(shell));
        Assert.Equal(text, File.ReadAllText(Path.Combine(_folder, "x")));
    }

    // The end of a here-document must begin its line.
    [Fact]
    public void Commands_under_a_condition_are_indented_unless_a_file_is_among_them()
    {
        PathExists isThere = new(_folder);
        StepPart write = new ReplaceFile(Path.Combine(_folder, "x"), "1\n"u8.ToArray());
        StepPart run = new Act<CommandResult>(new RunProgram("true", []), null);

        Assert.Equal($"if [ -e {_folder} ]; then\n  true\nfi", new When(isThere, run).ToShell());
        Assert.Equal(0, Run(new When(isThere, write).ToShell()));
        Assert.Equal("1\n", File.ReadAllText(Path.Combine(_folder, "x")));
        Assert.Empty(new When(isThere, new Look((_, _) => Task.CompletedTask)).ToShell());
        Assert.Empty(new Unless("so", (_, _) => Task.FromResult(false), []).ToShell());
    }

    [Fact]
    public void What_comes_after_a_failure_or_a_wait_in_vain_is_not_done_and_the_shell_goes_on()
    {
        string one = Path.Combine(_folder, "one"), two = Path.Combine(_folder, "two"), three = Path.Combine(_folder, "three");
        WaitFor vain = new(new PathExists(Path.Combine(_folder, "never")), TimeSpan.FromSeconds(1));
        string Text(StepPart part) => new ChangePlan("T",
        [
            HostFileStep.Set("Write one", one, "1\n"u8.ToArray(), null),
            new ChangeStep("Stand still", part),
            HostFileStep.Set("Write two", two, "2\n"u8.ToArray(), null),
        ]).ToShell();

        Assert.NotEqual(0, Run(Text(vain)));
        Assert.Equal((true, false), (File.Exists(one), File.Exists(two)));

        Run($"{Text(new Act<CommandResult>(new RunProgram("false", []), null))}\n: > {three}");
        Assert.Equal((false, true), (File.Exists(two), File.Exists(three)));

        Assert.Equal(0, Run(Text(vain with { GoesOn = true })));
        Assert.True(File.Exists(two));
    }

    [Fact]
    public void What_no_shell_can_ask_is_said_and_so_is_that_nothing_takes_a_step_back()
    {
        StepPart act = new Act<CommandResult>(new RunProgram("true", []), null);
        StepPart part = new Unless("a domain has it", (_, _) => Task.FromResult(false), [act]);

        Assert.Equal("# Do it\n# unless a domain has it:\ntrue\n#   undo: none", new ChangeStep("Do it", part).ToShell());
        Assert.Equal("# Look at it", new ChangeStep("Look at it", new Look((_, _) => Task.CompletedTask)).ToShell());
        WaitFor wait = new(new PathExists("/a"), TimeSpan.FromSeconds(1));
        PathExists isThere = new("/a");
        foreach (StepPart idle in (StepPart[])[wait, new ByHand("Look."), Course(wait), new When(isThere, wait), Unless(wait)])
        {
            Assert.DoesNotContain("undo", new ChangeStep("Wait", idle).ToShell(), StringComparison.Ordinal);
        }

        foreach (StepPart busy in (StepPart[])[act, new Said("true"), Course(wait, act), new When(isThere, wait, act), Unless(act)])
        {
            Assert.EndsWith("\n#   undo: none", new ChangeStep("Do it", wait, busy).ToShell(), StringComparison.Ordinal);
        }

        static StepPart Course(params StepPart[] expected) => new Course(expected, (_, _) => Task.CompletedTask);

        static StepPart Unless(params StepPart[] parts) => new Unless("so", (_, _) => Task.FromResult(false), parts);
    }

    [Fact]
    public void A_text_ends_where_somebody_has_to_see_to_something_unless_nothing_follows()
    {
        string one = Path.Combine(_folder, "one"), two = Path.Combine(_folder, "two");
        ChangeStep first = HostFileStep.Set("Write one", one, "1\n"u8.ToArray(), null);
        ChangeStep wait = new("Wait", new Course([new ByHand("Look that it has booted.")], (_, _) => Task.CompletedTask));
        ChangeStep last = HostFileStep.Set("Write two", two, "2\n"u8.ToArray(), null);

        Assert.Equal(3, Run(new ChangePlan("T", [first, wait, last]).ToShell()));
        Assert.Equal((true, false), (File.Exists(one), File.Exists(two)));
        Assert.Equal(0, Run(new ChangePlan("T", [first, last, wait]).ToShell()));
        Assert.True(File.Exists(two));
    }

    [Fact]
    public void A_child_counts_when_all_is_so_of_one_and_the_same()
    {
        string tools = Directory.CreateDirectory(Path.Combine(_folder, "store")).FullName;
        Tool("xenstore-list", "echo 0; echo 1");
        Tool("xenstore-read", "case $1 in /b/0/mac) echo aa;; /b/0/state) echo 4;; /b/1/mac) echo bb;; /b/1/state) echo 2;; esac");
        XenStorePath folder = XenStorePath.Parse("/b");

        Assert.Equal(0, Run(new ChildNodesAre(folder, ("mac", "aa"), ("state", "4")).ToShell(), tools));
        Assert.NotEqual(0, Run(new ChildNodesAre(folder, ("mac", "bb"), ("state", "4")).ToShell(), tools));
        Assert.Equal(0, Run((!new ChildNodesAre(folder, ("state", "3"))).ToShell(), tools));

        void Tool(string name, string script)
        {
            string file = Path.Combine(tools, name);
            File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void Nothing_in_a_plans_text_is_obeyed_by_a_terminal()
    {
        ChangePlan plan = new("T",
        [
            new ChangeStep("Note it", new ChangeNodes(new WriteNode(XenStorePath.Parse("/a"), "fe\u001b]0;owned\u00071\u202e"))),
            HostFileStep.Set("Write it", "/etc/x", "a\tb\n"u8.ToArray(), null),
        ]);

        string text = plan.ToShell();

        Assert.DoesNotContain(text, c => char.IsControl(c) && c is not ('\n' or '\t'));
        Assert.DoesNotContain('\u202e', text);
        Assert.Contains("\\u{1b}", text, StringComparison.Ordinal);
        Assert.Contains("\na\tb\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_in_a_file_is_not_told_while_it_is_written()
    {
        ReplaceFile act = new("/boot/grub/menu.lst", "password --md5 $1$secret\n"u8.ToArray());

        Assert.Contains("secret", act.ToShell(), StringComparison.Ordinal);
        Assert.Equal("cat > /boot/grub/menu.lst (25 bytes)", act.ToWords());
    }

    private static int Run(string script, string? path = null)
    {
        ProcessStartInfo start = new("/bin/sh", ["-c", script]) { RedirectStandardError = true };
        if (path is not null)
        {
            start.Environment["PATH"] = $"{path}:{start.Environment["PATH"]}";
        }

        using Process shell = Process.Start(start)!;
        string errors = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        Assert.DoesNotContain("yntax", errors, StringComparison.Ordinal);
        return shell.ExitCode;
    }

    // Runs a script with tools that write down how they were called.
    private string Recorded(string script, bool exists)
    {
        string log = Path.Combine(_folder, "log");
        string tools = Directory.CreateDirectory(Path.Combine(_folder, "tools")).FullName;
        foreach (string tool in (string[])["xenstore-exists", "xenstore-read", "xenstore-write", "xenstore-rm"])
        {
            string file = Path.Combine(tools, tool);
            File.WriteAllText(
                file, $"#!/bin/sh\necho \"{tool} $*\" >> {log}\n{(tool == "xenstore-exists" && !exists ? "exit 1" : "exit 0")}\n");
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        Assert.Equal(0, Run(script, tools));
        return File.ReadAllText(log);
    }
}
