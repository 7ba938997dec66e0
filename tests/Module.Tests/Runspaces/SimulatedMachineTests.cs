using XenDriverDomain.ModuleTests.Support;
using XenDriverDomain.Session;
using XenDriverDomain.Simulation;
using XenDriverDomain.Simulation.Errors;

namespace XenDriverDomain.ModuleTests.Runspaces;

/// <summary>Machines to be simulated, by name and by file, and their clocks.</summary>
public sealed class SimulatedMachineTests : IDisposable
{
    private readonly ModuleSession _session = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("xdd-machines-");

    public SimulatedMachineTests()
    {
        File.WriteAllText(
            Path.Combine(_folder.FullName, "desk.psd1"), "@{ HostName = 'desk'; Cards = @{ Address = '03:00.0'; Model = 'I210' } }");
        _session.Run($"Set-Location -LiteralPath '{_folder.FullName}'").AssertNoErrors();
    }

    public void Dispose()
    {
        _session.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Each_name_that_is_offered_is_a_machine()
    {
        string[] names =
        [
            .. _session.Complete("Connect-XenDom0 -Simulated -Machine ").Where(name => !name.Contains("desk", StringComparison.Ordinal)),
        ];
        string[] shipped = [.. Repository.Files("machines", "*.psd1").Select(file => Path.GetFileNameWithoutExtension(file))];

        Assert.True(shipped.Length >= 10);
        Assert.Equal(["default", "lab", .. shipped.Order(StringComparer.Ordinal)], names);
        Assert.Equal(
            names.Length,
            _session.Run("foreach ($name in $args) { Connect-XenDom0 -Simulated -Machine $name.ToUpperInvariant() }", [.. names])
                .Lines.Count);
    }

    /// <summary>A release has its assemblies twice: with machine code in a folder of that without.</summary>
    [Theory]
    [InlineData("bin")]
    [InlineData("bin/linux-x64")]
    public void The_data_files_are_found_from_either_place_of_the_assemblies(string assemblies)
    {
        DirectoryInfo machines = _folder.CreateSubdirectory("module/machines");
        DirectoryInfo place = _folder.CreateSubdirectory("module/" + assemblies);

        Assert.Equal(machines.FullName, Path.GetFullPath(SimulatedMachines.FolderBeside(Path.Combine(place.FullName, "any.dll"))));
    }

    [Fact]
    public void A_file_is_offered_and_taken_from_the_current_location()
    {
        Assert.Contains("./desk.psd1", _session.Complete("Connect-XenDom0 -Simulated -Machine ./d"));
        Assert.Equal(
            ["desk", "0000:03:00.0 I210 Gigabit Network Connection"],
            _session.Run("""
                $null = Connect-XenDom0 -Simulated -Machine ./desk.psd1
                (Get-XenDom0).Simulation.Run('cat /etc/hostname').StandardOutput.Trim()
                Get-XenPciDevice -Class Network
                """).Lines);
    }

    /// <summary>A test that describes its machine itself needs no file beside it.</summary>
    [Theory]
    [InlineData("@{ HostName = 'desk'; Cards = @{ Address = '03:00.0'; Model = 'I210' } }")]
    [InlineData("([ordered] @{ HostName = 'desk'; Cards = @(@{ Address = '03:00.0'; Model = 'I210' } | Write-Output) })")]
    [InlineData("(Import-PowerShellDataFile ./desk.psd1)")]
    [InlineData("(Get-Item ./desk.psd1)")]
    public void A_table_is_taken_as_its_file_would_be(string machine)
    {
        Assert.Equal(
            ["desk", "0000:03:00.0 I210 Gigabit Network Connection"],
            _session.Run($"""
                (Connect-XenDom0 -Simulated -Machine {machine}).Dom0
                Get-XenPciDevice -Class Network
                """).Lines);
    }

    [Theory]
    [InlineData("@{ HostName = 'desk'; Crads = 1 }", SimulationErrorIds.MachineDescriptionInvalid, "Crads")]
    [InlineData("@{ Iommu = 'yes' }", SimulationErrorIds.MachineDescriptionInvalid, "Iommu = 'yes'")]
    [InlineData("@{ Cards = { 1 } }", SimulationErrorIds.MachineDescriptionInvalid, "Cards")]
    [InlineData("([pscustomobject] @{ HostName = 'desk' })", ModuleErrorIds.MachineNotFound, "PSCustomObject")]
    [InlineData("'desk', 'lab'", ModuleErrorIds.MachineNotFound, "Object[]")]
    [InlineData("$self", SimulationErrorIds.MachineDescriptionInvalid, "Files")]
    public void A_table_that_describes_none_is_refused_as_strictly(string machine, string errorId, string said)
    {
        SessionAnswer answer = _session.Run($"$self = @{{ }}; $self.Files = $self; Connect-XenDom0 -Simulated -Machine {machine}");
        Assert.Equal([errorId], answer.ErrorIds);
        Assert.Contains(said, answer.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.NotEmpty(answer.Errors[0].ErrorDetails.RecommendedAction);
        Assert.Contains("could not be simulated", _session.Run("Get-XenGuest").Errors[0].Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody", ModuleErrorIds.MachineNotFound, "crashed, laptop")]
    [InlineData("./nowhere.psd1", ModuleErrorIds.InputFileNotFound, "file")]
    [InlineData("./no-data.psd1", ModuleErrorIds.MachineFileMalformed, "about_XenDriverDomain_Simulation")]
    [InlineData("./wrong.psd1", SimulationErrorIds.MachineDescriptionInvalid, "Allowed is")]
    public void What_is_no_machine_is_an_error_with_a_remedy_and_leaves_no_default_host(string machine, string id, string remedy)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "no-data.psd1"), "Get-Date");
        File.WriteAllText(Path.Combine(_folder.FullName, "wrong.psd1"), "@{ Card = 1 }");

        SessionAnswer answer = _session.Run("Connect-XenDom0 -Simulated -Machine $args[0]", machine);

        Assert.Equal([id], answer.ErrorIds);
        Assert.Contains(remedy, answer.Errors[0].ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal([ModuleErrorIds.Dom0NotConnected], _session.Run("Get-XenPciDevice").ErrorIds);
    }

    [Fact]
    public void A_path_in_an_error_is_as_it_was_typed()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "wrong.psd1"), "@{ Card = 1 }");

        SessionAnswer answer = _session.Run("Connect-XenDom0 -Simulated -Machine ./wrong.psd1");

        Assert.StartsWith("./wrong.psd1: Card = 1", answer.Errors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_of_the_file_and_of_the_command_add_up()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "bad.psd1"), "@{ Faults = 'xl:info:hang' }");

        Assert.Equal(
            ["xl:info:hang", "no-iommu"],
            _session.Run("(Connect-XenDom0 -Simulated -Machine ./bad.psd1 -Fault no-iommu).Simulation.Faults").Lines);
    }

    [Fact]
    public void What_cannot_happen_names_value_and_rule()
    {
        SessionAnswer answer = _session.Run("$s = (Connect-XenDom0 -Simulated).Simulation; $s.Crash('nobody')");

        Assert.Contains("That cannot happen to 'nobody'", Assert.Single(answer.Errors).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_real_time_a_change_can_be_stopped_in_the_middle_and_is_undone()
    {
        SimulatedDom0 host = (SimulatedDom0)_session.Run(
            "(Connect-XenDom0 -Simulated -Machine lab -RealTime -Fault 'xl:create:hang').Simulation").Output[0]!.BaseObject;
        Assert.True(host.Time.IsReal);

        await _session.StopAsync("Start-XenGuest -Path /root/client.cfg", Task.Run(async () =>
        {
            // The lock names its owner while something is being changed.
            while (host.Run("cat /run/xen-driver-domain/lock").StandardOutput.Length == 0)
            {
                await Task.Delay(20);
            }
        }));

        Assert.Empty(host.Run("cat /run/xen-driver-domain/lock").StandardOutput);
        Assert.DoesNotContain("fe1", host.Run("xl list").StandardOutput, StringComparison.Ordinal);
    }
}
