using System.Globalization;

namespace XenDriverDomain.ModuleTests.Runspaces;

/// <summary>A file that cannot be written is refused in words of its system's, whichever cmdlet was to write it.</summary>
public class OutputFileTests
{
    [Theory]
    [InlineData("ConvertFrom-XenDomainConfig \"name='web'`nkernel='/k'`nmemory=256\" | Export-XenDomainConfig -Path {0}")]
    [InlineData("Export-XenDriverDomainTopology -Path {0} -Format Svg")]
    [InlineData("Save-XenDom0 -Path {0}")]
    public void A_folder_that_is_not_there_or_takes_no_files_is_said(string command)
    {
        using ModuleSession session = new();
        session.Run("$null = Connect-XenDom0 -Simulated").AssertNoErrors();
        (string, string)[] cases = [("./none/x", "its folder does not exist"), ("/proc/x", "no file can be made in its folder")];
        Assert.All(cases, one =>
        {
            SessionAnswer answer = session.Run(string.Format(CultureInfo.InvariantCulture, command, one.Item1));
            Assert.Equal(["OutputFileNotWritable"], answer.ErrorIds);
            Assert.EndsWith($"cannot be written: {one.Item2}.", answer.Errors[0].Exception.Message, StringComparison.Ordinal);
        });
    }
}
