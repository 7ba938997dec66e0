# Reads a page of docs/cmdlets: the sections that platyPS writes (schema 2024-05-01), with its headings, code fences and YAML.

# The lines of each section by its heading of that level, in order; what precedes the first heading is left out.
function Get-Section([string[]] $Lines, [string] $Level) {
    $sections = [ordered]@{}
    $name = $null
    $inCode = $false
    foreach ($line in $Lines) {
        if ($line.StartsWith('```')) { $inCode = -not $inCode }
        if (-not $inCode -and $line.StartsWith("$Level ")) {
            $name = $line.Substring($Level.Length + 1).Trim()
            $sections[$name] = [System.Collections.Generic.List[string]]::new()
        }
        elseif ($name) { $sections[$name].Add($line) }
    }

    $sections
}

# The paragraphs of some lines, without their line breaks and the marks of code; each point of a list is one.
function Get-Paragraph([string[]] $Lines) {
    $text = ($Lines -join "`n").Trim()
    if (-not $text) { return }
    foreach ($part in $text -split '\n\n+|\n(?=- )') { $part.Trim().Replace("`n", ' ').Replace('`', '') }
}

# The first fenced block of some lines, as one text; and the lines after it.
function Get-Code([string[]] $Lines) {
    $fences = @(0..($Lines.Count - 1)).Where{ $Lines[$_].StartsWith('```') }
    if ($fences.Count -lt 2) { throw "There is no code in: $Lines" }
    @{
        Code  = $Lines[($fences[0] + 1)..($fences[1] - 1)] -join "`n"
        After = @($Lines | Select-Object -Skip ($fences[1] + 1))
    }
}

# "KEY: VALUE" and lists of "- VALUE", at one level.
function Get-YamlValue([string] $Yaml, [string] $Key) {
    if ($Yaml -match "(?m)^$Key`: *(.*)$") {
        $value = $Matches[1].Trim()
        if ($value -eq '[]') { return }
        if ($value) { return $value.Trim("'") }
        if ($Yaml -match "(?m)^$Key`:\n((?:- .*(?:\n|\z)(?:  .*(?:\n|\z))*)+)") { $Matches[1].TrimEnd() -split '\n(?=- )' -replace '^- ' }
    }
}

# The parameters of a syntax, in their order.
function Get-SyntaxParameter([string] $Syntax) {
    $forms = @(
        '(?<optional>(?<positional>\[\[-(?<name>\w+)\] <(?<type>[^>]+)>\]))'   # [[-UserName] <string>]
        '(?<positional>\[-(?<name>\w+)\] <(?<type>[^>]+)>)'                    # [-Guest] <string[]>
        '(?<optional>\[-(?<name>\w+)(?: <(?<type>[^>]+)>)?\])'                 # [-Dom0 <string[]>], [-PassThru]
        '-(?<name>\w+)(?: <(?<type>[^>]+)>)?'                                  # -ConfigPath <string>, -Simulated
    )
    $position = 0
    # What comes first is the cmdlet's name.
    foreach ($match in [regex]::Matches(($Syntax -replace '\s+', ' ') -replace '^ ?\S+ ?', $forms -join '|')) {
        @{
            Name     = $match.Groups['name'].Value
            Type     = $match.Groups['type'].Value
            Required = -not $match.Groups['optional'].Success
            Position = $match.Groups['positional'].Success ? "$(($position++))" : 'named'
        }
    }
}

# The types that INPUTS or OUTPUTS name, and what is said of each.
function Get-PageType([string[]] $Lines) {
    foreach ($section in (Get-Section $Lines '###').GetEnumerator()) {
        @{ Type = $section.Key; Description = @(Get-Paragraph $section.Value) }
    }
}

function Get-PageParameter([string[]] $Lines) {
    foreach ($section in (Get-Section $Lines '###').GetEnumerator().Where{ $_.Key -ne 'CommonParameters' }) {
        $fence = $section.Value.FindIndex({ $args[0].StartsWith('```yaml') })
        $yaml = (Get-Code $section.Value).Code
        $sets = @(@(Get-YamlValue $yaml 'ParameterSets') -replace '(?m)^  ')
        # Where they differ, the first of its sets stands for all; but what one of them requires is required.
        $set = $sets[0]
        @{
            Name        = $section.Key.TrimStart('-')
            Description = @(Get-Paragraph @($section.Value | Select-Object -First $fence))
            Type        = Get-YamlValue $yaml 'Type'
            Default     = Get-YamlValue $yaml 'DefaultValue'
            Globbing    = Get-YamlValue $yaml 'SupportsWildcards'
            Aliases     = @(Get-YamlValue $yaml 'Aliases')
            Required    = $sets.ForEach{ Get-YamlValue $_ 'IsRequired' } -contains 'true' ? 'true' : 'false'
            Position    = Get-YamlValue $set 'Position'
            ByValue     = (Get-YamlValue $set 'ValueFromPipeline') -eq 'true'
            ByName      = (Get-YamlValue $set 'ValueFromPipelineByPropertyName') -eq 'true'
        }
    }
}

# All that a page says.
function Get-CommandHelp([string] $Path) {
    $lines = Get-Content -LiteralPath $Path
    $title = @($lines -match '^# ')[0].Substring(2).Trim()
    $sections = Get-Section $lines '##'
    foreach ($name in 'SYNOPSIS', 'SYNTAX', 'DESCRIPTION', 'EXAMPLES', 'PARAMETERS', 'INPUTS', 'OUTPUTS', 'NOTES', 'RELATED LINKS') {
        if (-not $sections.Contains($name)) { throw "$Path has no section $name." }
    }

    @{
        Name        = $title
        Synopsis    = @(Get-Paragraph $sections['SYNOPSIS'])
        Description = @(Get-Paragraph $sections['DESCRIPTION'])
        Syntax      = @((Get-Section $sections['SYNTAX'] '###').Values | ForEach-Object { , @(Get-SyntaxParameter (Get-Code $_).Code) })
        Parameters  = @(Get-PageParameter $sections['PARAMETERS'])
        Examples    = @((Get-Section $sections['EXAMPLES'] '###').GetEnumerator() | ForEach-Object {
                $code = Get-Code $_.Value
                @{ Title = $_.Key; Code = $code.Code; Remarks = @(Get-Paragraph $code.After) }
            })
        Inputs      = @(Get-PageType $sections['INPUTS'])
        Outputs     = @(Get-PageType $sections['OUTPUTS'])
        Notes       = @(Get-Paragraph $sections['NOTES'])
        Links       = @($sections['RELATED LINKS'] -match '^- \[' -replace '^- \[([^\]]+)\].*', '$1')
    }
}
