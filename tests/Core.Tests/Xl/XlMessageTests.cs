using XenDriverDomain.Xl;

namespace XenDriverDomain.Tests.Xl;

public class XlMessageTests
{
    [Fact]
    public void A_libxl_error_is_taken_apart()
    {
        XlMessage message = Assert.Single(XlMessageParser.Parse(
            "libxl: error: libxl_domain.c:81:libxl__domain_rename: Domain 2:Domain with name \"netdd\" already exists.\n"));

        Assert.Equal(
            new XlMessage(XlSeverity.Error, "libxl_domain.c:81:libxl__domain_rename", 2, "Domain with name \"netdd\" already exists."),
            message);
    }

    [Fact]
    public void A_failed_network_attach_gives_its_reasons_in_order()
    {
        IReadOnlyList<XlMessage> messages = XlMessageParser.Parse("""
            libxl: error: libxl_device.c:1181:device_backend_callback: Domain 1:unable to add device with path /local/domain/2/backend/vif/1/0
            libxl: error: libxl_device.c:1481:device_addrm_aocomplete: Domain 1:Unable to add vif with id 0
            libxl_device_nic_add failed.

            """);

        Assert.Equal(
            [
                new XlMessage(
                    XlSeverity.Error,
                    "libxl_device.c:1181:device_backend_callback",
                    1,
                    "unable to add device with path /local/domain/2/backend/vif/1/0"),
                new XlMessage(XlSeverity.Error, "libxl_device.c:1481:device_addrm_aocomplete", 1, "Unable to add vif with id 0"),
                new XlMessage(XlSeverity.Information, null, null, "libxl_device_nic_add failed."),
            ],
            messages);
    }

    [Theory]
    [InlineData(
        "libxl: warning: libxl_pci.c:802:libxl__device_pci_assignable_add: 0000:00:10.0 already assigned to pciback",
        XlSeverity.Warning, "libxl_pci.c:802:libxl__device_pci_assignable_add", null, "0000:00:10.0 already assigned to pciback")]
    [InlineData(
        "libxl: info: libxl_pci.c:925:libxl__device_pci_assignable_remove: Rebinding to driver at /sys/bus/pci/drivers/e1000e",
        XlSeverity.Information, "libxl_pci.c:925:libxl__device_pci_assignable_remove", null,
        "Rebinding to driver at /sys/bus/pci/drivers/e1000e")]
    [InlineData(
        "libxl: error: libxl_pci.c:792:libxl__device_pci_assignable_add: Couldn't lstat /sys/bus/pci/devices/0000:00:1e.0: No such file "
            + "or directory",
        XlSeverity.Error, "libxl_pci.c:792:libxl__device_pci_assignable_add", null,
        "Couldn't lstat /sys/bus/pci/devices/0000:00:1e.0: No such file or directory")]
    [InlineData("Parsing config from /share/dd.cfg", XlSeverity.Information, null, null, "Parsing config from /share/dd.cfg")]
    [InlineData("Shutting down domain 3", XlSeverity.Information, null, null, "Shutting down domain 3")]
    [InlineData(
        "xencall: error: Could not obtain handle on privileged command interface: No such file or directory",
        XlSeverity.Error, null, null, "Could not obtain handle on privileged command interface: No such file or directory")]
    [InlineData("xc: detail: p2m: 3", XlSeverity.Debug, null, null, "p2m: 3")]
    [InlineData("xl: unrecognized option '--x'", XlSeverity.Information, null, null, "unrecognized option '--x'")]
    [InlineData("libxl: error: (null)", XlSeverity.Error, null, null, "(null)")]
    [InlineData("libxl: error: Domain 7:(null)", XlSeverity.Error, null, 7, "(null)")]
    [InlineData("libxl: critical: libxl_event.c:12:f:", XlSeverity.Error, "libxl_event.c:12:f", null, "")]
    [InlineData("[2026-11-22 03:00:00 UTC] [812] libxl: debug: libxl.c:1:f: Domain 12:x", XlSeverity.Debug, "libxl.c:1:f", 12, "x")]
    public void Each_kind_of_line_is_understood(string line, XlSeverity severity, string? source, int? domid, string text)
    {
        XlMessage message = Assert.Single(XlMessageParser.Parse(line));
        Assert.Equal(new XlMessage(severity, source, domid, text), message);
    }

    [Fact]
    public void Progress_lines_and_blank_lines_do_not_run_together()
    {
        Assert.Equal(
            ["Saving 1%", "Saving 2%", "done"],
            XlMessageParser.Parse("Saving 1%\rSaving 2%\r\n\n  \ndone").Select(m => m.Text));
    }

    [Fact]
    public void Nothing_that_is_printed_can_steer_a_terminal()
    {
        string text = Assert.Single(XlMessageParser.Parse("libxl: error: \u001b[31mred\u001b]0;title\u0007")).Text;
        Assert.DoesNotContain(text, char.IsControl);
        Assert.Contains("red", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flood_is_cut_to_its_end()
    {
        string flood = string.Concat(Enumerable.Range(0, 100_000).Select(i => $"libxl: error: line {i}\n"));
        IReadOnlyList<XlMessage> messages = XlMessageParser.Parse(flood + new string('x', 1_000_000));
        Assert.Equal(XlMessageParser.MaxMessages, messages.Count);
        Assert.Equal("line 99999", messages[^2].Text);
        Assert.True(messages[^1].Text.Length <= XlMessageParser.MaxText + 1);
    }

    [Theory]
    [InlineData("", "no message.")]
    [InlineData("one\ntwo\nthree\nfour\n", "two; three; four")]
    [InlineData("Parsing config\nlibxl: error: no memory\n", "no memory")]
    public void What_xl_complains_of_is_never_nothing(string errors, string complaint) =>
        Assert.Equal(complaint, new XlResult([], 3, string.Empty, XlMessageParser.Parse(errors)).Complaint);
}
