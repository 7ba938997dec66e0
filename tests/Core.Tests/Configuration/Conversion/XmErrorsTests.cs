using XenDriverDomain.Configuration;
using XenDriverDomain.Configuration.Import;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Tests.Configuration.Conversion;

/// <summary>What the interpreter of xm's files refuses reaches the user as an error with an id and a place, fit to be shown.</summary>
public sealed class XmErrorsTests
{
    [Theory]
    [InlineData("a = (1,", ErrorIds.ConfigSyntaxError)]
    [InlineData("import foo", ErrorIds.XmConstructUnsupported)]
    [InlineData("x = open('/etc/passwd').read()", ErrorIds.XmAccessRefused)]
    [InlineData("raise ValueError, 'no'", ErrorIds.XmScriptFailed)]
    [InlineData("while True: pass", ErrorIds.XmLimitExceeded)]
    public void Each_has_its_id_and_its_place(string text, string id)
    {
        ConfigException error = Fail("# a\n" + text);

        Assert.Equal(id, error.ErrorId);
        Assert.Equal(("guest.conf", 2), (error.Location.File, error.Location.Line));
        Assert.StartsWith("guest.conf:2:", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Remedy);
    }

    [Fact]
    public void So_has_a_variable_that_does_not_fit() => Assert.Equal(
        ErrorIds.XmVariableInvalid,
        Assert.Throws<ConfigException>(() => DomainConfigImporter.Read(
            "name = 'a'", "guest.conf", DomainConfigFormat.Xm, [new("memory", "much")])).ErrorId);

    [Fact]
    public void What_it_quotes_of_the_file_is_cut_and_cannot_reach_a_terminal()
    {
        string message = Fail("raise ValueError, '\\x1b[31m' + 'x' * 5000").Message;

        Assert.Contains("\\u{1b}[31m", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\x1b', message);
        Assert.Contains("x….", message, StringComparison.Ordinal);
        Assert.True(message.Length < 400, message);
    }

    private static ConfigException Fail(string text) =>
        Assert.Throws<ConfigException>(() => DomainConfigImporter.Read(text, "guest.conf", DomainConfigFormat.Xm));
}
