using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Contract;

/// <summary>That what one cmdlet returns is what the next one takes.</summary>
public class PipelineTests
{
    [Theory]
    [InlineData("Get-XenPciDevice", "Add-XenPciAssignable", "Address", "Dom0")]
    [InlineData("Get-XenPciDevice", "Remove-XenPciAssignable", "Address", "Dom0")]
    [InlineData("Get-XenPciDevice", "New-XenDriverDomain", "Address", "Dom0")]
    [InlineData("Add-XenPciAssignable", "New-XenDriverDomain", "Address", "Dom0")]
    [InlineData("New-XenDriverDomain", "Start-XenDriverDomain", "Name", "Dom0")]
    [InlineData("Get-XenDriverDomain", "Stop-XenDriverDomain", "Name", "Dom0")]
    [InlineData("Get-XenDriverDomain", "Restart-XenDriverDomain", "Name", "Dom0")]
    [InlineData("Get-XenDriverDomain", "Remove-XenDriverDomain", "Name", "Dom0")]
    [InlineData("Get-XenDriverDomain", "Get-XenPciDevice", "PciDevice", "Dom0")]
    [InlineData("Get-XenGuest", "Stop-XenGuest", "Name", "Dom0")]
    [InlineData("Get-XenGuest", "Get-XenGuestVif", "Name", "Dom0")]
    [InlineData("Get-XenGuest", "Connect-XenGuestVif", "Name", "Dom0")]
    [InlineData("Get-XenGuestVif", "Disconnect-XenGuestVif", "Guest", "Devid", "Dom0")]
    [InlineData("Get-XenGuestVif", "Get-XenGuest", "Guest", "Dom0")]
    [InlineData("Connect-XenDom0", "Get-XenPciDevice", "Dom0")]
    [InlineData("Import-XenDomainConfig", "ConvertFrom-XenDomainConfig", "XlConfig")]
    public void Properties_of_the_output_are_parameters_of_the_next(string from, string to, params string[] properties)
    {
        Type output = CmdletModel.Named(from).OutputTypes.Single();
        CmdletModel next = CmdletModel.Named(to);
        Assert.All(properties, property =>
        {
            Assert.NotNull(output.GetProperty(property));
            Assert.Contains(next.Parameters, p =>
                p.Sets.Any(s => s.FromPipelineByName)
                && (p.Names.Contains(property) || (p.PropertyOf.Contains(property) && p.Sets.Any(s => s.FromPipeline))));
        });
    }

    [Fact]
    public void Every_output_carries_its_host_as_a_string()
    {
        // What comes from files of this machine is of no host.
        Assert.All(
            CmdletModel.All.SelectMany(c => c.ObjectTypes).Distinct()
                .Except([typeof(Configuration.XenDomainConfig), typeof(Errors.Finding)]),
            type => Assert.Equal(typeof(string), type.GetProperty("Dom0")?.PropertyType));
    }

    [Fact]
    public void Outputs_are_immutable()
    {
        Assert.Empty(
            from type in CmdletModel.All.SelectMany(c => c.ObjectTypes).Distinct()
            from property in type.GetProperties()
            where property.SetMethod is { } set
                && !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit))
            select $"{type.Name}.{property.Name}");
    }
}
