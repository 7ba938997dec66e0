using XenDriverDomain.Domains;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Tests.Domains;

public class DomainRefTests
{
    [Theory]
    [InlineData("")]
    [InlineData("99999999999")]
    [InlineData("40000")]
    [InlineData("-x")]
    [InlineData("a/b")]
    [InlineData("a b")]
    public void What_can_be_neither_a_name_nor_a_domid_is_an_error_that_says_why(string text)
    {
        XenDriverDomainException error = Assert.Throws<XenDriverDomainException>(() => DomainRef.Parse(text));
        Assert.Equal((ErrorIds.DomainReferenceMalformed, ErrorKind.InvalidArgument, text), (error.ErrorId, error.Kind, error.Target));
        Assert.False(DomainRef.TryParse(text, out _, out string? why));
        Assert.EndsWith($"cannot name a domain: {why}.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(40000)]
    public void A_number_that_no_domain_has_is_no_domid(int domid) =>
        Assert.Equal(ErrorIds.DomainReferenceMalformed, Assert.Throws<XenDriverDomainException>(() => DomainRef.FromDomid(domid)).ErrorId);
}
