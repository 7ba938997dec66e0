using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Pwsh;

/// <summary>The views as PowerShell draws them.</summary>
public class ViewTests
{
    private static readonly int[] s_widths = [80, 100, 120, 200];

    private static string Folder => Path.Combine(Repository.Root, "tests", "Module.Tests", "Golden");

    /// <summary>
    /// Every kind of object, at four widths: as it comes from the cmdlet, after a file (Export-Clixml), and from another process
    /// (Start-Job). With XDD_GOLDEN=1 what is seen is written, to be looked at.
    /// </summary>
    [PwshFact]
    public void Objects_are_shown_as_the_files_have_it_live_from_a_file_and_from_a_job()
    {
        string folder = Directory.CreateTempSubdirectory("xdd-views-").FullName;
        try
        {
            Assert.Empty(PwshProcess.Run(
                $$"""
                function Get-Text($Objects) {
                    foreach ($width in {{string.Join(", ", s_widths)}}) {
                        "== $width columns"
                        (($Objects | Out-String -Width $width).Split("`n").TrimEnd() -join "`n").Trim("`n")
                    }
                }
                function Write-Text([string] $Kind, [string] $Name, $Objects) {
                    [IO.File]::WriteAllText("{{folder}}/$Name.$Kind", ((Get-Text $Objects) -join "`n") + "`n")
                }
                $script = Convert-Path -LiteralPath ./tests/Module.Tests/Golden/samples.ps1
                foreach ($sample in & $script -Folder '{{folder}}') {
                    Write-Text live $sample.Name $sample.Objects
                    $sample.Objects | Export-Clixml -LiteralPath '{{folder}}/sample.xml'
                    Write-Text file $sample.Name (Import-Clixml -LiteralPath '{{folder}}/sample.xml')
                }
                $module = Convert-Path -LiteralPath ./XenDriverDomain.psd1
                $job = Start-Job {
                    Import-Module $using:module
                    foreach ($sample in & $using:script -Folder '{{folder}}') { "name $($sample.Name)"; $sample.Objects }
                }
                $name = $null
                $objects = [Collections.Generic.List[object]]::new()
                foreach ($one in @($job | Receive-Job -Wait) + 'name ') {
                    if ($one -is [string] -and $one.StartsWith('name ')) {
                        if ($name) { Write-Text job $name $objects }
                        $name = $one.Substring(5)
                        $objects.Clear()
                    }
                    else { $objects.Add($one) }
                }
                """).Lines);
            string[] names = Names(folder, "*.live");
            if (Environment.GetEnvironmentVariable("XDD_GOLDEN") == "1")
            {
                foreach (string name in names)
                {
                    File.Copy(Path.Combine(folder, name + ".live"), Path.Combine(Folder, name + ".txt"), overwrite: true);
                }
            }

            Assert.Equal(Names(Folder, "*.txt"), names);
            Assert.Multiple(
                [
                    .. from name in names
                       from kind in (string[])["live", "file", "job"]
                       select (Action)(() => Assert.Equal(
                           File.ReadAllText(Path.Combine(Folder, name + ".txt")),
                           File.ReadAllText(Path.Combine(folder, $"{name}.{kind}")))),
                ]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string[] Names(string folder, string pattern) =>
        [.. Directory.GetFiles(folder, pattern).Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    [Fact]
    public void Every_kind_of_object_has_its_texts()
    {
        Assert.Equal(
            [],
            CmdletModel.All.SelectMany(c => c.ObjectTypes).Select(t => t.Name).Distinct()
                .Where(name => !File.Exists(Path.Combine(Folder, name + ".txt"))));
    }

    [PwshFact]
    public void Tables_keep_within_the_terminal_whatever_the_values_are()
    {
        // Objects that have the type's name alone, as deserialised ones do, with a long text in every property.
        string types = string.Join(
            ", ",
            CmdletModel.All.SelectMany(c => c.OutputTypes).Distinct().Where(t => t.Assembly == typeof(Errors.ErrorIds).Assembly)
                .Select(
                    t => $"@{{ Name = '{t.FullName}'; Properties = {string.Join(", ", t.GetProperties().Select(p => $"'{p.Name}'"))} }}"));
        Assert.Empty(PwshProcess.Run(
            $$"""
            foreach ($type in {{types}}) {
                $object = [pscustomobject] @{ PSTypeName = $type.Name }
                foreach ($name in $type.Properties) { $object | Add-Member -NotePropertyName $name -NotePropertyValue ('long ' * 60) }
                foreach ($width in {{string.Join(", ", s_widths)}}) {
                    foreach ($line in ($object | Format-Table | Out-String -Width $width).Split("`n").TrimEnd()) {
                        if ($line.Length -gt $width) { "$($type.Name) at ${width}: $($line.Length) columns" }
                    }
                }
            }
            """).Lines);
    }

    [PwshFact]
    public void Colour_is_there_for_a_terminal_and_gone_from_plain_text()
    {
        Assert.Equal(["True", "False", "True"], PwshProcess.Run(
            """
            $null = Connect-XenDom0 -Simulated -Machine Lab
            Add-XenPciAssignable -Address 00:10.0
            $device = Get-XenPciDevice -Address 00:10.0
            $escape = [string] [char] 27
            $PSStyle.OutputRendering = 'Ansi'
            $coloured = $device | Out-String -Width 110
            $coloured.Contains("$($PSStyle.Foreground.Green)Assignable$($PSStyle.Reset)")
            $PSStyle.OutputRendering = 'PlainText'
            $plain = $device | Out-String -Width 110
            $plain.Contains($escape)
            $plain.Contains('Assignable')
            """).Lines);
    }

    [PwshFact]
    public void Values_are_shown_as_people_write_them_also_from_another_session()
    {
        Assert.Equal(["0000:03:00.0", "0000:03:00.0"], PwshProcess.Run(
            """
            $null = Connect-XenDom0 -Simulated
            $address = (Get-XenPciDevice -Address 03:00.0).Address
            ($address | Out-String).Trim()
            ([System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($address)) | Out-String).Trim()
            """).Lines);
    }
}
