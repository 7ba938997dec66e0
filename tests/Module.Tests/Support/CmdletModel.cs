using System.Reflection;

namespace XenDriverDomain.ModuleTests.Support;

/// <summary>A cmdlet as its attributes describe it.</summary>
internal sealed class CmdletModel
{
    /// <summary>ConfirmImpact.Medium, which holds when an attribute does not say.</summary>
    private const int DefaultImpact = 2;

    private CmdletModel(Type type)
    {
        Type = type;
        CustomAttributeData cmdlet = type.Attributes("Cmdlet").Single();
        Verb = (string)cmdlet.ConstructorArguments[0].Value!;
        Noun = (string)cmdlet.ConstructorArguments[1].Value!;
        SupportsShouldProcess = cmdlet.Named("SupportsShouldProcess", false);
        ConfirmImpact = cmdlet.Named("ConfirmImpact", DefaultImpact) switch { 0 => "None", 1 => "Low", 2 => "Medium", _ => "High" };
        DefaultParameterSet = cmdlet.Named<string?>("DefaultParameterSetName", null);
        OutputTypes = [.. type.Attributes("OutputType").SelectMany(a => a.ConstructorArguments[0].Items()).OfType<Type>()];

        // What an object through the pipeline alone binds is of no use to a person, and not shown to one.
        Parameters =
        [
            .. type.GetProperties()
                .Where(p => p.Attributes("Parameter").Any(a => !a.Named("DontShow", false)))
                .Select(p => new ParameterModel(p)),
        ];
    }

    /// <summary>All cmdlets of the module.</summary>
    public static IReadOnlyList<CmdletModel> All { get; } =
    [
        .. typeof(Cmdlets.AsyncCmdlet).Assembly.GetTypes()
            .Where(t => t.Has("Cmdlet"))
            .Select(t => new CmdletModel(t))
            .OrderBy(c => c.Name, StringComparer.Ordinal),
    ];

    public Type Type { get; }

    public string Verb { get; }

    public string Noun { get; }

    public string Name => $"{Verb}-{Noun}";

    public bool SupportsShouldProcess { get; }

    public string ConfirmImpact { get; }

    public string? DefaultParameterSet { get; }

    public IReadOnlyList<Type> OutputTypes { get; }

    /// <summary>The types of objects it writes: its output types but for the answer of -Quiet.</summary>
    public IEnumerable<Type> ObjectTypes => OutputTypes.Where(t => t != typeof(bool) && t != typeof(string));

    public IReadOnlyList<ParameterModel> Parameters { get; }

    /// <summary>The names of its parameter sets; one that stands for all of them when it names none.</summary>
    public IReadOnlyList<string> ParameterSets
    {
        get
        {
            string[] named =
                [.. Parameters.SelectMany(p => p.Sets).Select(s => s.Name).Where(n => n != ParameterSetModel.AllSets).Distinct()];
            return named.Length == 0 ? [ParameterSetModel.AllSets] : named;
        }
    }

    public static CmdletModel Named(string name) => All.Single(c => c.Name == name);

    public override string ToString() => Name;
}
