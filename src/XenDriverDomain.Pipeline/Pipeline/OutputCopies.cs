using System.Management.Automation;
using System.Reflection;

namespace XenDriverDomain.Pipeline;

/// <summary>What becomes of a cmdlet's outputs in a job or a remote session, whose other end gets copies.</summary>
internal static class OutputCopies
{
    /// <summary>Has copies keep what objects consist of, and the names of states; nothing where no copies are made.</summary>
    internal static void Prepare(PSCmdlet cmdlet)
    {
        if (IsCopying(cmdlet))
        {
            foreach (OutputTypeAttribute outputs in cmdlet.GetType().GetCustomAttributes<OutputTypeAttribute>())
            {
                foreach (PSTypeName output in outputs.Type.Where(output => output.Type is not null))
                {
                    KeepParts(cmdlet, output.Type);
                    KeepNames(cmdlet, output.Type);
                }
            }
        }
    }

    // Whoever is at the other end of a job or a remote session gets copies.
    private static bool IsCopying(PSCmdlet cmdlet) => cmdlet.Host.Name == "ServerRemoteHost";

    /// <summary>
    /// Has copies of a type's objects keep the properties of what these consist of, as of a device's uses. PowerShell keeps one level by
    /// itself, and makes text of the rest. A types file could say so too, but would take a tenth of each import of the module.
    /// </summary>
    internal static void KeepParts(PSCmdlet cmdlet, Type type) => UpdateType(cmdlet, type, "-SerializationDepth 2");

    // Of a state PowerShell makes a number that only shows as its name, and that Where-Object looks for in vain.
    private static void KeepNames(PSCmdlet cmdlet, Type type)
    {
        Type[] parts = [type, .. type.GetProperties().SelectMany(property => property.PropertyType.GetGenericArguments())];
        foreach (Type one in parts
            .SelectMany(part => part.GetProperties())
            .Select(property => Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType)
            .Where(one => one.IsEnum && one.Assembly == type.Assembly)
            .Distinct())
        {
            UpdateType(cmdlet, one, "-SerializationMethod String");
        }
    }

    private static void UpdateType(PSCmdlet cmdlet, Type type, string how)
    {
        try
        {
            cmdlet.InvokeCommand.InvokeScript(
                $@"Microsoft.PowerShell.Utility\Update-TypeData -TypeName {type.FullName} {how} -Force"
                + " -WhatIf:$false -Confirm:$false -Verbose:$false");
        }
        catch (CommandNotFoundException)
        {
            cmdlet.WriteVerbose($"This session has no Update-TypeData: another one gets objects of {type} without what their parts are.");
        }
    }
}
