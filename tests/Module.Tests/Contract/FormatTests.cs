using System.Text.RegularExpressions;
using System.Xml.Linq;
using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Contract;

/// <summary>The views, as a build puts them into one file.</summary>
public partial class FormatTests
{
    /// <summary>What a terminal of 80 columns shows of a table: PowerShell keeps one free, and leaves out what does not fit.</summary>
    private const int Narrow = 79;

    private const int Wide = 199;

    /// <summary>What a table must show on any terminal: what is wrong, with what, and what to do.</summary>
    private static readonly Dictionary<string, string[]> s_deciding = new()
    {
        ["GuestVif"] = ["Guest", "Devid", "Status", "Backend", "Detail"],
        ["PciDevice"] = ["Address", "State", "Driver", "User", "DeviceName"],
        ["DriverDomain"] = ["Name", "Domid", "State", "Readiness", "Client", "ReadinessDetail"],
        ["Guest"] = ["Name", "Domid", "State", "Type", "MemoryMB"],
        ["HostFacts"] = ["Dom0", "IsDefault", "HasIommu", "HasPciback", "HasXenStore", "XenVersion"],
        ["BootAssignment"] = ["Element", "Error", "Path"],
        ["PciQuirk"] = ["Address", "Register", "Size", "Mask"],
        ["PciPolicyEntry"] = ["Kind", "Target", "Device", "InEffect"],
        ["Finding"] = ["Severity", "File", "Line", "Cause"],
        ["KernelFinding"] = ["Severity", "Option", "Cause"],
        ["RootFinding"] = ["Severity", "Part", "Cause"],
        ["DriverDomainRoot"] = ["Role", "Findings", "Init", "Network", "LibC", "Path"],
        ["XenDomainConfig"] = ["Name", "Findings", "Path"],
        ["ConversionEntry"] = ["Line", "Setting", "Action", "Became", "Reason"],
        ["SnapshotReport"] = ["Dom0", "LeftOut", "Path"],
        ["DriverDomainTopology"] = ["Dom0", "Broken", "Waiting", "Wrong"],
        ["TopologyNode"] = ["Kind", "Name", "Domid", "Detail"],
        ["DriverDomainImage"] = ["Id", "State", "UsedBy", "Detail"],
        ["HostTrace"] = ["Kind", "Path", "Remedy"],
        ["TopologyLink"] = ["FromName", "ToName", "State", "Detail"],
    };

    /// <summary>What is read line by line, and so is a report by default.</summary>
    private static readonly Type[] s_reports = [typeof(Errors.Finding), typeof(Kernels.KernelFinding), typeof(Roots.RootFinding)];

    private static readonly XElement s_format = XElement.Parse(Repository.Read("bin/XenDriverDomain.format.ps1xml"));

    /// <summary>What cmdlets write, and what stands in lists of that and is looked at by itself.</summary>
    private static IEnumerable<Type> Outputs =>
        CmdletModel.All.SelectMany(c => c.ObjectTypes).Concat(
            [typeof(Topology.TopologyNode), typeof(Topology.TopologyLink), typeof(Configuration.ConversionEntry)]).Distinct();

    [Fact]
    public void Every_output_has_a_table_and_a_list()
    {
        Assert.Empty(
            from type in Outputs
            from control in new[] { "TableControl", "ListControl" }
            where !Views(type.FullName!).Any(v => v.Element(control) is not null)
            select $"{type.FullName}: {control}");
    }

    [Fact]
    public void The_table_comes_first_so_that_it_is_the_default_except_of_reports()
    {
        Assert.All(
            Outputs,
            type => Assert.NotNull(
                Views(type.FullName!).First().Element(s_reports.Contains(type) ? "CustomControl" : "TableControl")));
    }

    [Fact]
    public void Titles_of_columns_are_names_of_properties()
    {
        Assert.Empty(
            from view in Tables()
            let type = typeof(Errors.ErrorIds).Assembly.GetType(view.Descendants("TypeName").First().Value)!
            from label in view.Descendants("TableColumnHeader").Elements("Label")
            where type.GetProperty(label.Value) is null
            select $"{type.Name}.{label.Value}");
    }

    [Fact]
    public void What_decides_is_shown_on_a_terminal_of_80_columns()
    {
        Assert.Equal([], Outputs.Select(o => o.Name).Except(s_deciding.Keys));
        Assert.Empty(
            from view in Tables()
            let name = view.Descendants("TypeName").First().Value.Split('.')[^1]
            where s_deciding.ContainsKey(name)
            from hidden in s_deciding[name].Except(Shown(view, Narrow))
            select $"{name}.{hidden}");
    }

    [Fact]
    public void What_has_a_host_is_grouped_by_it_or_shows_it_on_a_terminal_of_80_columns()
    {
        Assert.Empty(
            from type in Outputs
            where type.GetProperty("Dom0") is not null && !s_reports.Contains(type)
            let table = Views(type.FullName!).Single(v => v.Element("TableControl") is not null)
            where (string?)table.Element("GroupBy")?.Element("PropertyName") != "Dom0" && !Shown(table, Narrow).Contains("Dom0")
            select type.Name);
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
    public void All_columns_of_a_table_are_shown_on_a_terminal_of_200()
    {
        Assert.Empty(
            from view in Tables()
            let labels = view.Descendants("TableColumnHeader").Select(c => (string?)c.Element("Label"))
            from hidden in labels.Except(Shown(view, Wide))
            select $"{(string?)view.Element("Name")}: {hidden}");
    }

    /// <summary>
    /// PowerShell gives the last column that it shows what room is left, be it one letter, and breaks the title to that. A terminal of 100
    /// columns has 99 of them for a table, Out-String -Width 100 all.
    /// </summary>
    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(120)]
    [InlineData(200)]
    public void No_title_of_a_column_is_broken_on_a_terminal_of_a_usual_width(int width)
    {
        Assert.Empty(
            from room in new[] { width - 1, width }
            from view in Tables()
            let shown = Shown(view, room)
            let columns = view.Descendants("TableColumnHeader").ToArray()
            where shown.Count < columns.Length
            let left = room - columns.Take(shown.Count).Sum(column => (int)column.Element("Width")! + 1)
            let next = columns[shown.Count].Element("Label")!.Value
            where left > 0 && left < next.Length
            select $"{(string?)view.Element("Name")}: {left} columns for {next} of {room}");
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
    public void Every_value_that_an_output_has_is_shown_by_a_view()
    {
        Assert.Empty(
            from type in Values()
            where !Views(type.FullName!).Any()
            select type.FullName);
    }

    [Fact]
    public void Every_view_is_of_a_type_that_exists()
    {
        Assert.Empty(
            from name in s_format.Descendants("TypeName")
            where typeof(Errors.ErrorIds).Assembly.GetType(name.Value) is null
            select name.Value);
    }

    /// <summary>An object of another session has numbers for them, which the view makes words of again.</summary>
    [Fact]
    public void Words_are_those_of_the_propertys_own_enum()
    {
        Assert.Empty(
            from view in s_format.Descendants("View")
            let type = typeof(Errors.ErrorIds).Assembly.GetType(view.Descendants("TypeName").First().Value)!
            from script in view.Descendants("ScriptBlock")
            from Match cast in EnumCast().Matches(script.Value)
            let property = type.GetProperty(cast.Groups[1].Value)?.PropertyType
            where property is not null
            let wanted = Nullable.GetUnderlyingType(property) ?? property
            where wanted.FullName != cast.Groups[2].Value
            select $"{type.Name}.{cast.Groups[1].Value}: {cast.Groups[2].Value}");
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

    [GeneratedRegex(@"\$_\.(\w+) -as \[([\w.]+)\]")]
    private static partial Regex EnumCast();

    [GeneratedRegex(@"`e|\u001b|\x1b|\[char\]|\u001B", RegexOptions.IgnoreCase)]
    private static partial Regex EscapeSequence();

    private static IEnumerable<XElement> Tables() => s_format.Descendants("View").Where(v => v.Element("TableControl") is not null);

    // PowerShell shows the columns that fit, from the left, one blank apart.
    private static List<string> Shown(XElement table, int width)
    {
        List<string> shown = [];
        foreach (XElement column in table.Descendants("TableColumnHeader"))
        {
            width -= (int)column.Element("Width")!;
            if (width < 0)
            {
                break;
            }

            shown.Add(column.Element("Label")!.Value);
            width--;
        }

        return shown;
    }

    private static IEnumerable<XElement> Views(string type) =>
        s_format.Descendants("View").Where(v => v.Element("ViewSelectedBy")!.Elements("TypeName").Any(t => t.Value == type));
}
