# Builds en-US/ from docs/: MAML of docs/cmdlets/*.md, and plain text of docs/about/*.md. Run by `./build.ps1 Docs`.
[CmdletBinding()]
param(
    # Where the result goes; the tests build into a folder of their own and compare.
    [string] $Destination = (Join-Path $PSScriptRoot '../en-US')
)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest
Import-Module -Name Microsoft.PowerShell.PlatyPS -MinimumVersion 1.0

# platyPS 1.0 puts an example's code fence and a control character (U+0080) into what Get-Help prints, keeps the line breaks of
# the source, marks code with backticks, and adds an
# empty link and leaves out default values. This puts each where MAML wants it.
function Repair-Maml([xml] $Maml, $Help) {
    $names = [System.Xml.XmlNamespaceManager]::new($Maml.NameTable)
    $names.AddNamespace('maml', 'http://schemas.microsoft.com/maml/2004/10')
    $names.AddNamespace('command', 'http://schemas.microsoft.com/maml/dev/command/2004/10')
    $names.AddNamespace('dev', 'http://schemas.microsoft.com/maml/dev/2004/10')
    foreach ($example in $Maml.SelectNodes('//command:example', $names)) {
        $code = $example.SelectSingleNode('dev:code', $names)
        foreach ($para in @($example.SelectNodes('maml:introduction/maml:para', $names))) {
            if ($para.InnerText -match '(?s)^```powershell\r?\n(.*?)\r?\n```$') {
                $code.InnerText = $Matches[1]
            }
            else {
                $null = $example.SelectSingleNode('dev:remarks', $names).AppendChild($para.Clone())
            }

            $null = $para.ParentNode.RemoveChild($para)
        }

        $title = $example.SelectSingleNode('maml:title', $names)
        $title.InnerText = $title.InnerText.Trim('- '.ToCharArray())
    }

    foreach ($para in @($Maml.SelectNodes('//maml:para', $names))) {
        foreach ($part in $para.InnerText -split '\r?\n\r?\n|\r?\n(?=- )') {
            if ($part -ne "`u{80}") {
                $clean = $para.CloneNode($false)
                $clean.InnerText = ($part -replace '\r?\n', ' ').Replace('`', '')
                $null = $para.ParentNode.InsertBefore($clean, $para)
            }
        }

        $null = $para.ParentNode.RemoveChild($para)
    }

    # A blank line between examples.
    foreach ($remarks in $Maml.SelectNodes('//dev:remarks', $names)) {
        $null = $remarks.AppendChild($Maml.CreateElement('maml', 'para', $names.LookupNamespace('maml')))
    }

    foreach ($command in $Help) {
        foreach ($parameter in $command.Parameters.Where{ $_.DefaultValue }) {
            $path = "//command:command[command:details/command:name='{0}']/command:parameters/command:parameter[maml:name='{1}']"
            $element = $Maml.SelectSingleNode(($path -f $command.Title, $parameter.Name), $names)
            $default = $Maml.CreateElement('dev', 'defaultValue', $names.LookupNamespace('dev'))
            $default.InnerText = $parameter.DefaultValue
            $null = $element.AppendChild($default)
        }
    }

    foreach ($link in @($Maml.SelectNodes('//maml:navigationLink', $names))) {
        $target = $link.SelectSingleNode('maml:uri', $names)
        $target.InnerText = ''
        if ($link.SelectSingleNode('maml:linkText', $names).InnerText -eq 'Online Version') {
            $null = $link.ParentNode.RemoveChild($link)
        }
    }
}

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
$work = Join-Path ([System.IO.Path]::GetTempPath()) "xdd-help-$([guid]::NewGuid())"
try {
    $help = Import-MarkdownCommandHelp -Path (Join-Path $PSScriptRoot 'cmdlets/*.md')
    $file = Export-MamlCommandHelp -CommandHelp $help -OutputFolder $work -Force
    $maml = [xml]::new()
    $maml.PreserveWhitespace = $false
    $maml.Load($file.FullName)
    Repair-Maml $maml $help
    $settings = [System.Xml.XmlWriterSettings]@{ Indent = $true; NewLineChars = "`n"; Encoding = [System.Text.UTF8Encoding]::new($false) }
    $writer = [System.Xml.XmlWriter]::Create((Join-Path (Convert-Path -LiteralPath $Destination) $file.Name), $settings)
    try { $maml.Save($writer) } finally { $writer.Dispose() }
}
finally {
    if (Test-Path -LiteralPath $work) { Remove-Item -LiteralPath $work -Recurse }
}

foreach ($topic in Get-ChildItem -Path (Join-Path $PSScriptRoot 'about/*.md')) {
    $text = ConvertTo-AboutText (Get-Content -LiteralPath $topic.FullName)
    Set-Content -LiteralPath (Join-Path $Destination "$($topic.BaseName).help.txt") -Value $text
}
