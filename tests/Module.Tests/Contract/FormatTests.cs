using System.Text.RegularExpressions;
using System.Xml.Linq;
using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Contract;

/// <summary>The views, as a build puts them into one file.</summary>
public partial class FormatTests
{
    private const int WidestTable = 110;

    /// <summary>What a column without a width needs at least to be of use.</summary>
    private const int OpenColumn = 10;

    private static readonly XElement s_format = XElement.Parse(Repository.Read("bin/XenDriverDomain.format.ps1xml"));

    /// <summary>What cmdlets write, and what stands in lists of that and is looked at by itself.</summary>
    private static IEnumerable<Type> Outputs =>
        CmdletModel.All.SelectMany(c => c.ObjectTypes).Concat(
            [typeof(Topology.TopologyNode), typeof(Topology.TopologyLink), typeof(Configuration.ConversionEntry)]).Distinct();

    [Fact]
    public void Every_output_has_a_table_and_a_list_also_when_deserialised()
    {
        Assert.Empty(
            from type in Outputs
            from control in new[] { "TableControl", "ListControl" }
            from name in new[] { type.FullName!, "Deserialized." + type.FullName }
            where !Views(name).Any(v => v.Element(control) is not null)
            select $"{name}: {control}");
    }

    [Fact]
    public void The_table_comes_first_so_that_it_is_the_default()
    {
        Assert.All(Outputs, type => Assert.NotNull(Views(type.FullName!).First().Element("TableControl")));
    }

    [Fact]
    public void Views_show_properties_that_exist()
    {
        Assert.Empty(
            from type in Outputs
            from view in Views(type.FullName!)
            from name in view.Descendants("PropertyName")
            where type.GetProperty(name.Value) is null
            select $"{type.Name}.{name.Value}");
    }

    [Fact]
    public void Lists_show_every_property_that_tables_leave_out()
    {
        Assert.Empty(
            from type in Outputs
            let list = Views(type.FullName!).Single(v => v.Element("ListControl") is not null)
            let shown = list.Descendants("PropertyName").Concat(list.Descendants("ScriptBlock")).Select(e => e.Value).ToArray()
            from property in type.GetProperties()
            where !shown.Any(s => s == property.Name || s.Contains("$_." + property.Name, StringComparison.Ordinal))
            select $"{type.Name}.{property.Name}");
    }

    [Fact]
    public void Tables_fit_into_110_columns()
    {
        Assert.Empty(
            from view in s_format.Descendants("View")
            where view.Element("TableControl") is not null
            let columns = view.Descendants("TableColumnHeader").ToArray()
            let width = columns.Sum(c => (int?)c.Element("Width") ?? OpenColumn) + columns.Length - 1
            where width > WidestTable
            select $"{(string?)view.Element("Name")}: {width}");
    }

    [Fact]
    public void Tables_have_as_many_cells_as_headers()
    {
        Assert.Empty(
            from view in s_format.Descendants("View")
            from row in view.Descendants("TableRowEntry")
            where row.Descendants("TableColumnItem").Count() != view.Descendants("TableColumnHeader").Count()
            select (string?)view.Element("Name"));
    }

    [Fact]
    public void Every_value_that_an_output_has_is_shown_by_a_view_also_when_deserialised()
    {
        Assert.Empty(
            from type in Values()
            from name in new[] { type.FullName!, "Deserialized." + type.FullName }
            where !Views(name).Any()
            select name);
    }

    [Fact]
    public void Every_view_is_of_a_type_that_exists()
    {
        Assert.Empty(
            from name in s_format.Descendants("TypeName")
            let type = name.Value.Replace("Deserialized.", string.Empty, StringComparison.Ordinal)
            where typeof(Errors.ErrorIds).Assembly.GetType(type) is null
            select name.Value);
    }

    [Fact]
    public void Colour_comes_from_PSStyle_only_and_ends_where_it_began()
    {
        Assert.Empty(
            from script in s_format.Descendants("ScriptBlock")
            where EscapeSequence().IsMatch(script.Value)
                || (script.Value.Contains("$PSStyle.", StringComparison.Ordinal)
                    && !script.Value.Contains("$PSStyle.Reset", StringComparison.Ordinal))
            select script.Value);
    }

    /// <summary>What outputs consist of, at any depth: our own types that are neither outputs nor enums.</summary>
    private static HashSet<Type> Values()
    {
        HashSet<Type> seen = [.. Outputs];
        Queue<Type> open = new(seen);
        while (open.TryDequeue(out Type? type))
        {
            foreach (Type property in type.GetProperties().SelectMany(p => p.PropertyType.GetGenericArguments().Append(p.PropertyType)))
            {
                Type one = property.IsArray ? property.GetElementType()! : property;
                if (one.Assembly == typeof(Errors.ErrorIds).Assembly && !one.IsEnum && seen.Add(one))
                {
                    open.Enqueue(one);
                }
            }
        }

        seen.ExceptWith(Outputs);
        return seen;
    }

    [GeneratedRegex(@"`e|\u001b|\x1b|\[char\]|\u001B", RegexOptions.IgnoreCase)]
    private static partial Regex EscapeSequence();

    private static IEnumerable<XElement> Views(string type) =>
        s_format.Descendants("View").Where(v => v.Element("ViewSelectedBy")!.Elements("TypeName").Any(t => t.Value == type));
}
