using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Rooms;

/// <summary>
/// A line of C# is no longer than .editorconfig says, which the compiler does not look at. Longer may be what cannot be broken: a line
/// inside a raw string literal, which is text for somebody else, and an [InlineData] that is alone on its line, a row of a table.
/// </summary>
public sealed partial class StyleTests
{
    private static readonly int s_limit = int.Parse(
        Limit().Match(Repository.Read(".editorconfig")).Groups[1].Value, CultureInfo.InvariantCulture);

    [Fact]
    public void No_line_is_longer_than_it_may_be()
    {
        string[] files = [.. Repository.Files("src", "*.cs"), .. Repository.Files("tests", "*.cs")];

        // It has looked.
        Assert.True(files.Length > 100);

        string[] tooLong = [.. files.SelectMany(TooLong)];
        Assert.True(tooLong.Length == 0, string.Join('\n', tooLong));
    }

    private static IEnumerable<string> TooLong(string file)
    {
        SourceText text = SourceText.From(File.ReadAllText(file));
        TextLine[] lines = [.. text.Lines.Where(line => line.Span.Length > s_limit && !IsRow(line.ToString()))];
        if (lines.Length == 0)
        {
            return [];
        }

        TextSpan[] raw = [.. RawStrings(CSharpSyntaxTree.ParseText(text))];
        return lines.Where(line => !raw.Any(one => one.Contains(line.Span)))
            .Select(line => $"{Path.GetRelativePath(Repository.Root, file)}:{line.LineNumber + 1}: {line.Span.Length} characters");
    }

    private static bool IsRow(string line) => Row().IsMatch(line);

    // The lines with the quotes are no part of it: there is code beside them.
    private static IEnumerable<TextSpan> RawStrings(SyntaxTree tree) => tree.GetRoot().DescendantNodes()
        .Where(node => node switch
        {
            LiteralExpressionSyntax literal => literal.Token.Text.StartsWith("\"\"\"", StringComparison.Ordinal),
            InterpolatedStringExpressionSyntax interpolated =>
                interpolated.StringStartToken.Text.Contains("\"\"\"", StringComparison.Ordinal),
            _ => false,
        })
        .Select(node => tree.GetLineSpan(node.Span))
        .Where(span => span.EndLinePosition.Line - span.StartLinePosition.Line > 1)
        .Select(span => TextSpan.FromBounds(
            tree.GetText().Lines[span.StartLinePosition.Line + 1].Start, tree.GetText().Lines[span.EndLinePosition.Line - 1].End));

    [GeneratedRegex(@"^\[\*\.cs\]\n(?:[^\[].*\n)*?max_line_length = (\d+)$", RegexOptions.Multiline)]
    private static partial Regex Limit();

    [GeneratedRegex(@"^ *\[InlineData\(.*\)\]$")]
    private static partial Regex Row();
}
