# Builds en-US/ from docs/: MAML of docs/cmdlets/*.md, and plain text of docs/about/*.md. Run by `./build.ps1 Docs`.
[CmdletBinding()]
param(
    # Where the result goes; the tests build into a folder of their own and compare.
    [string] $Destination = (Join-Path $PSScriptRoot '../en-US')
)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest
. "$PSScriptRoot/CommandHelp.ps1"
. "$PSScriptRoot/Maml.ps1"

# Headings in capitals, text indented by four and wrapped at 80 columns, code as it is.
function ConvertTo-AboutText([string[]] $Markdown) {
    $text = [System.Collections.Generic.List[string]]::new()
    $words = [System.Collections.Generic.List[string]]::new()
    $base = '    '
    $margin = ''
    $inCode = $false
    function Complete-Paragraph {
        $line = ''
        $indent = $base + $margin
        foreach ($word in $words) {
            if ($line -and ($indent.Length + $line.Length + 1 + $word.Length) -gt 80) {
                $text.Add($indent + $line)
                $indent = $base + ' ' * $margin.Length
                $line = $word
            }
            else {
                $line = if ($line) { "$line $word" } else { $word }
            }
        }

        if ($line) { $text.Add($indent + $line) }
        $words.Clear()
    }

    foreach ($line in $Markdown) {
        if ($line.StartsWith('```')) {
            Complete-Paragraph
            $inCode = -not $inCode
        }
        elseif ($inCode) { $text.Add('        ' + $line) }
        elseif ($line -match '^# (.+)') { $text.Add('TOPIC'); $text.Add('    ' + $Matches[1]) }
        elseif ($line -match '^## (.+)') { Complete-Paragraph; $base = '    '; $text.Add($Matches[1].ToUpperInvariant()) }
        elseif ($line -match '^### (.+)') { Complete-Paragraph; $base = '    '; $text.Add('  ' + $Matches[1]) }
        elseif ($line -match '^#### (.+)') { Complete-Paragraph; $base = '        '; $text.Add('    ' + $Matches[1]) }
        elseif ($line -eq '') { Complete-Paragraph; $margin = ''; $text.Add('') }
        else {
            if ($line -match '^- (.+)') {
                Complete-Paragraph
                $margin = '- '
                $line = $Matches[1]
            }

            $words.AddRange([string[]] ($line.Replace('`', '').Split(' ', [StringSplitOptions]::RemoveEmptyEntries)))
            # A term stands on a line of its own.
            if ($line -match '^[\w, ]{1,30}:$') { Complete-Paragraph }
        }
    }

    Complete-Paragraph
    $text -join "`n"
}

$null = New-Item -ItemType Directory -Path $Destination -Force
$pages = Get-ChildItem -Path (Join-Path $PSScriptRoot 'cmdlets/*.md') | ForEach-Object { Get-CommandHelp $_.FullName }
Export-Maml $pages (Join-Path (Convert-Path -LiteralPath $Destination) 'XenDriverDomain.dll-Help.xml')

foreach ($topic in Get-ChildItem -Path (Join-Path $PSScriptRoot 'about/*.md')) {
    $text = ConvertTo-AboutText (Get-Content -LiteralPath $topic.FullName)
    Set-Content -LiteralPath (Join-Path $Destination "$($topic.BaseName).help.txt") -Value $text
}
