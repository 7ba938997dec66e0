using XenDriverDomain.Checks;
using XenDriverDomain.Errors;
using XenDriverDomain.Tests.Support;

namespace XenDriverDomain.Tests.Checks;

public class FindingTests
{
    private static readonly Finding s_error = Of(FindingSeverity.Error);
    private readonly RecordingReporter _reporter = new();

    [Theory]
    [InlineData("a.cfg", 3, 7, "a.cfg:3:7: It is so.", 3, 7)]
    [InlineData("a.cfg", 3, 0, "a.cfg:3: It is so.", 3, null)]
    [InlineData("a.cfg", 0, 0, "It is so.", null, null)]
    [InlineData(null, 3, 7, "(text):3:7: It is so.", 3, 7)]
    public void It_reads_as_its_place_and_its_cause(string? file, int line, int column, string text, int? shownLine, int? shownColumn)
    {
        Finding finding = s_error.At(new ConfigLocation(file, line, column));
        Assert.Equal((text, file, shownLine, shownColumn), (finding.ToString(), finding.File, finding.Line, finding.Column));
        Assert.Equal(text, finding.ToException().Message);
    }

    [Fact]
    public void About_no_place_it_is_its_cause() =>
        Assert.Equal(("It is so.", null, null, null), (s_error.ToString(), s_error.File, s_error.Line, s_error.Column));

    [Fact]
    public void As_an_error_it_keeps_id_kind_remedy_and_subject()
    {
        XenDriverDomainException error = (s_error with { Kind = ErrorKind.InUse }).ToException();
        Assert.Equal((ErrorIds.NoIommu, ErrorKind.InUse, "Change it.", "it"), (error.ErrorId, error.Kind, error.Remedy, error.Target));
    }

    [Fact]
    public void Several_are_one_error_with_the_id_of_the_first()
    {
        XenDriverDomainException error = Finding.ToException(
            [s_error, new Finding(ErrorIds.NotRoot, FindingSeverity.Error, "that", "That, too.", "Change that.")], "both");
        Assert.Equal(
            (ErrorIds.NoIommu, "It is so. That, too.", "Change it. Change that.", "both"),
            (error.ErrorId, error.Message, error.Remedy, error.Target));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void An_error_refuses_and_force_lifts_only_what_yields_to_it(bool yields, bool force)
    {
        Assert.Equal(
            ErrorIds.NoIommu,
            Assert.Throws<XenDriverDomainException>(
                () => Preflight.Enforce([Of(FindingSeverity.Warning), s_error with { YieldsToForce = yields }], force, _reporter)).ErrorId);
        Assert.Empty(_reporter.Warnings);
    }

    [Fact]
    public void What_force_lifts_is_a_warning_that_says_so_beside_the_others()
    {
        Preflight.Enforce(
            [s_error with { YieldsToForce = true }, Of(FindingSeverity.Warning), Of(FindingSeverity.Information)], force: true, _reporter);
        Assert.Equal(["Overridden by -Force: It is so.", "It is so. Change it."], _reporter.Warnings);
        Assert.Equal(["It is so."], _reporter.Debugs);
    }

    private static Finding Of(FindingSeverity severity) => new(ErrorIds.NoIommu, severity, "it", "It is so.", "Change it.");
}
