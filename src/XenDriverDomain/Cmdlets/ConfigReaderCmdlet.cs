using System.Collections;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using XenDriverDomain.Binding;
using XenDriverDomain.Completion;
using XenDriverDomain.Configuration;

namespace XenDriverDomain.Cmdlets;

/// <summary>The base of cmdlets that read configurations, be it from files of this machine or from text.</summary>
public abstract class ConfigReaderCmdlet : AsyncCmdlet
{
    // In a box, so that this type can be looked at without the core.
    private readonly StrongBox<DomainConfigFormat> _format = new();

    /// <summary>The language of the configuration; left out, it is looked which it is.</summary>
    [Parameter]
    public DomainConfigFormat Format
    {
        get => _format.Value;
        set => _format.Value = value;
    }

    /// <summary>Variables, as behind the file's name in xm create FILE beid=4. A list is given once for each of its elements.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(FileVariableCompleter))]
    [ValidateNotNull]
    [VariablesOf]
    public IDictionary? Variable { get; set; }
}
