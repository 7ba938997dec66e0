namespace XenDriverDomain.ModuleTests.Pwsh;

/// <summary>How arguments and piped objects reach parameters, seen through the errors of a session that is connected to nothing.</summary>
public class BindingTests
{
    private const string FirstError =
        """
        function Get-FirstId([scriptblock] $Action) {
            $found = $null
            try { $null = & $Action } catch { $found = $_ }
            if ($found) { "$($found.FullyQualifiedErrorId)|$($found.CategoryInfo.Category)|$($found.TargetObject)" } else { 'none' }
        }

        """;

    [PwshFact]
    public void An_unknown_host_is_an_error_and_never_the_default_host()
    {
        Assert.Equal(
            ["Dom0NotConnected,XenDriverDomain.Commands.GetXenPciDeviceCommand|ObjectNotFound|root@nowhere:22"],
            PwshProcess.Run(FirstError + "Get-FirstId { Get-XenPciDevice -Dom0 root@nowhere:22 -ErrorAction Stop }").Lines);
    }

    [PwshFact]
    public void A_piped_object_is_carried_out_on_the_host_it_came_from()
    {
        Assert.Equal(
            [
                "Dom0NotConnected,XenDriverDomain.Commands.AddXenPciAssignableCommand|ObjectNotFound|root@gone:22",
                "Dom0NotConnected,XenDriverDomain.Commands.DisconnectXenGuestVifCommand|ObjectNotFound|root@gone:22",
                "Dom0NotConnected,XenDriverDomain.Commands.StopXenDriverDomainCommand|ObjectNotFound|root@gone:22",
            ],
            PwshProcess.Run(FirstError +
                """
                $device = [pscustomobject]@{ Address = '0000:00:10.0'; Dom0 = 'root@gone:22' }
                $vif = [pscustomobject]@{ Guest = 'fe1'; Devid = 0; Dom0 = 'root@gone:22' }
                $domain = [pscustomobject]@{ Name = 'netdd'; Dom0 = 'root@gone:22' }
                Get-FirstId { $device | Add-XenPciAssignable -WhatIf -ErrorAction Stop }
                Get-FirstId { $vif | Disconnect-XenGuestVif -Confirm:$false -ErrorAction Stop }
                Get-FirstId { $domain | Stop-XenDriverDomain -Confirm:$false -ErrorAction Stop }
                """).Lines);
    }

    [PwshFact]
    public void A_host_object_binds_by_its_id_also_after_serialisation()
    {
        Assert.Equal(
            Enumerable.Repeat("Dom0NotConnected,XenDriverDomain.Commands.GetXenGuestCommand|ObjectNotFound|root@gone:22", 2),
            PwshProcess.Run(FirstError +
                """
                $dom0 = [XenDriverDomain.Checks.HostFacts]@{ Dom0 = 'root@gone:22' }
                $again = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($dom0))
                Get-FirstId { Get-XenGuest -Dom0 $dom0 -ErrorAction Stop }
                Get-FirstId { Get-XenGuest -Dom0 $again -ErrorAction Stop }
                """).Lines);
    }

    [PwshFact]
    public void A_question_that_nobody_answers_is_no_and_said_to_be_one()
    {
        Assert.Equal("NotConfirmed Host", PwshProcess.RunUnanswered(
            """
            $null = Connect-XenDom0 -Simulated
            Add-XenPciAssignable 01:00.0 -Confirm -WarningAction SilentlyContinue -ErrorVariable wrong -ErrorAction SilentlyContinue
            "`n$(($wrong.FullyQualifiedErrorId -split ',')[0]) $((Get-XenPciDevice 01:00.0).State)"
            """).Lines[^1]);
    }

    [PwshFact]
    public void What_a_job_returns_is_filtered_by_the_names_of_its_states()
    {
        Assert.Equal(["True", "True", "True"], PwshProcess.Run(
            """
            $module = Convert-Path -LiteralPath ./XenDriverDomain.psd1
            $devices = Start-Job { Import-Module $using:module; $null = Connect-XenDom0 -Simulated; Get-XenPciDevice } | Receive-Job -Wait
            @($devices | Where-Object State -eq Host).Count -gt 5
            $devices.UsedBy.Kind -contains 'Network'
            "$($devices[0].State)" -eq 'Host'
            """).Lines);
    }

    [PwshFact]
    public void A_malformed_address_is_an_error_of_its_own_and_the_next_one_goes_on()
    {
        Assert.Equal(
            [
                "PciAddressMalformed,XenDriverDomain.Commands.AddXenPciAssignableCommand|InvalidArgument|0:0:0.9",
                "PciAddressMalformed,XenDriverDomain.Commands.AddXenPciAssignableCommand|InvalidArgument|x",
            ],
            PwshProcess.Run(
                """
                Add-XenPciAssignable -Address 0:0:0.9, x -Dom0 local -WhatIf -ErrorVariable found -ErrorAction SilentlyContinue
                foreach ($e in $found) { "$($e.FullyQualifiedErrorId)|$($e.CategoryInfo.Category)|$($e.TargetObject)" }
                """).Lines);
    }

    [PwshFact]
    public void Errors_carry_what_can_be_done()
    {
        Assert.Equal(["True", "True"], PwshProcess.Run(
            """
            Add-XenPciAssignable -Address x -Dom0 local -WhatIf -ErrorVariable found -ErrorAction SilentlyContinue
            $found[0].ErrorDetails.Message -match "'x' is not a PCI address"
            $found[0].ErrorDetails.RecommendedAction -match 'Get-XenPciDevice'
            """).Lines);
    }

    [PwshFact]
    public void Times_are_seconds_or_time_spans()
    {
        // A time that binds gets as far as the host; one that does not, does not.
        Assert.Equal(
            ["Dom0NotConnected", "Dom0NotConnected", "Dom0NotConnected",
                "ParameterArgumentTransformationError", "ParameterArgumentTransformationError", "ParameterArgumentTransformationError"],
            PwshProcess.Run(FirstError +
                """
                foreach ($time in 30, '0.5', '00:02:00', 'soon', 0, 1e9) {
                    (Get-FirstId { Start-XenDriverDomain -Name netdd -Dom0 nosuch -Timeout $time -ErrorAction Stop }).Split(',')[0]
                }
                """).Lines);
    }

    [PwshFact]
    public void Thirty_is_thirty_seconds()
    {
        Assert.Equal(["00:00:30", "00:02:00"], PwshProcess.Run(
            """
            $attributes = (Get-Command -Name Start-XenDriverDomain).Parameters['Timeout'].Attributes
            $seconds = $attributes.Where{ $_ -is [System.Management.Automation.ArgumentTransformationAttribute] -and $_.GetType().Name -eq 'SecondsAttribute' }[0]
            $seconds.Transform($null, 30).ToString()
            $seconds.Transform($null, '00:02:00').ToString()
            """).Lines);
    }

    [PwshFact]
    public void A_missing_key_file_is_an_error_before_anything_is_contacted()
    {
        Assert.Equal(["KeyFileNotFound,XenDriverDomain.Commands.ConnectXenDom0Command|ObjectNotFound|nohost"], PwshProcess.Run(FirstError +
            "Get-FirstId { Connect-XenDom0 -HostName nohost -KeyFilePath ./no-such-key -ErrorAction Stop }").Lines);
    }
}
