using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Pwsh;

/// <summary>The views as PowerShell draws them.</summary>
public class ViewTests
{
    [PwshFact]
    public void Tables_keep_every_column_within_110_whatever_the_values_are()
    {
        // Objects that have the type's name alone, as deserialised ones do, with a long text in every property.
        string types = string.Join(
            ", ",
            CmdletModel.All.SelectMany(c => c.OutputTypes).Distinct().Where(t => t.Assembly == typeof(Errors.ErrorIds).Assembly)
                .Select(
                    t => $"@{{ Name = '{t.FullName}'; Properties = {string.Join(", ", t.GetProperties().Select(p => $"'{p.Name}'"))} }}"));
        Assert.Empty(PwshProcess.Run(
            $$"""
            [xml] $format = Get-Content -Raw ./bin/XenDriverDomain.format.ps1xml
            foreach ($type in {{types}}) {
                $object = [pscustomobject] @{ PSTypeName = $type.Name }
                foreach ($name in $type.Properties) { $object | Add-Member -NotePropertyName $name -NotePropertyValue ('long ' * 60) }
                $lines = ($object | Format-Table | Out-String -Width 110).Split("`n").Trim("`r")
                $labels = $format.SelectSingleNode("//View[ViewSelectedBy/TypeName='$($type.Name)']/TableControl").TableHeaders.TableColumnHeader.Label
                foreach ($line in $lines) { if ($line.Length -gt 110) { "$($type.Name): $($line.Length) columns" } }
                # The header, put together again where it was broken into lines.
                $shown = ($lines | Where-Object { $_ -notmatch 'long' }) -join ''
                if (@($labels).Count -ne @($lines -match '^-').ForEach{ $_.Trim().Split(' ', [StringSplitOptions]::RemoveEmptyEntries) }.Count) { "$($type.Name): $shown" }
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
