using System.Collections;
using System.Management.Automation;

namespace XenDriverDomain.Binding;

/// <summary>The base of attributes that make something else of an argument, and of each part of a list.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal abstract class TransformEachAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public sealed override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) => inputData switch
    {
        PSObject { BaseObject: IList list } => TransformList(list),
        IList list => TransformList(list),
        _ => TransformOne(inputData),
    };

    /// <summary>What the parameter gets instead of a value; the value itself when that is to be left to PowerShell.</summary>
    private protected abstract object? TransformOne(object? value);

    // One value may stand for several.
    private object?[] TransformList(IList list) =>
        [.. list.Cast<object?>().Select(TransformOne).SelectMany(one => one is object?[] several ? several : [one])];
}
