using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Access.Local;
using XenDriverDomain.Access.Ssh;

namespace XenDriverDomain.Tests.Access;

public sealed class PosixShellTests
{
    [Fact]
    public async Task Every_shell_takes_every_character_of_a_word_as_it_is()
    {
        string[] words = [.. Enumerable.Range(1, 255).Select(i => $"{(char)i}"), "", "a'b''c\\", "-n", "x\ny\n", "\U0001F600", "$(id) *"];
        string script = $"printf '%s\\0' {string.Join(' ', words.Select(PosixShell.Quote))}";
        var commands = new LocalCommands(TimeProvider.System);

        foreach (string shell in new[] { "sh", "dash", "bash", "busybox" }.Where(name => Needs.WhatIsMissing(name) is null))
        {
            CommandResult result = await commands.RunAsync(
                new CommandRequest(shell, shell == "busybox" ? ["sh"] : []) { StandardInput = Encoding.UTF8.GetBytes(script) }, default);

            Assert.Equal(words, result.StandardOutput.Split('\0')[..^1]);
        }
    }

    [Fact]
    public void A_word_with_a_NUL_is_refused() => Assert.Throws<ArgumentException>(() => PosixShell.Quote("a\0b"));

    [Theory]
    [InlineData("/sys/bus/*/x", "/sys/bus/*/x")]
    [InlineData("/a b/*.cfg", "'/a b/'*.cfg")]
    public void Only_the_star_of_a_pattern_stays_open(string pattern, string word) => Assert.Equal(word, PosixShell.QuotePattern(pattern));
}
