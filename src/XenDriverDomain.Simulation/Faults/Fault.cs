using XenDriverDomain.Access;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Simulation.Faults;

/// <summary>One thing that goes wrong in a simulated dom0. Its text is what <see cref="FaultPlan.Parse(string)"/> reads.</summary>
public abstract record Fault;

/// <summary>A write to a file fails.</summary>
/// <param name="Path">Which files; <c>*</c> stands for any characters, slashes too.</param>
/// <param name="Nth">Which of the matching writes, from 1; null for each.</param>
/// <param name="Errno">How it fails.</param>
internal sealed record WriteFault(string Path, int? Nth, Errno Errno) : Fault
{
    /// <inheritdoc/>
    public override string ToString() => $"write:{Path}{FaultText.Count(Nth)}:{Errno}";
}

/// <summary>A program hangs, fails, dies, or does nothing and reports success.</summary>
/// <param name="Program">The program's name.</param>
/// <param name="Arguments">Words that its command line contains, in this order, from the first argument on; <c>*</c> stands for any
/// characters.</param>
/// <param name="Nth">Which of the matching runs, from 1; null for each.</param>
/// <param name="What">What befalls it.</param>
internal sealed record CommandFault(string Program, string Arguments, int? Nth, CommandFaultKind What) : Fault
{
    /// <summary>The exit code of a failure.</summary>
    public int ExitCode { get; init; } = 1;

    /// <summary>What a failure says on standard error; empty for nothing.</summary>
    public string Message { get; init; } = string.Empty;

    /// <inheritdoc/>
    public override string ToString()
    {
        string what = What switch
        {
            CommandFaultKind.Hang => "hang",
            CommandFaultKind.Die => "die",
            CommandFaultKind.Lie => "lie",
            _ => Message.Length > 0 ? $"fail={ExitCode} {Message}" : $"fail={ExitCode}",
        };
        return $"{Program}:{Arguments}{FaultText.Count(Nth)}:{what}";
    }
}

/// <summary>xenstored drops a client's connection in the place of an answer, once.</summary>
/// <param name="AfterRequests">How many requests it answers before.</param>
internal sealed record StoreDropFault(int AfterRequests) : Fault
{
    /// <inheritdoc/>
    public override string ToString() => $"xenstore:drop:{AfterRequests}";
}

/// <summary>The toolstack's record says that a domain has a function, which is gone.</summary>
/// <param name="Address">The function.</param>
/// <param name="Domid">The domain that the record names.</param>
internal sealed record StaleRecordFault(PciAddress Address, int Domid) : Fault
{
    /// <inheritdoc/>
    public override string ToString() => $"stale:{Address}:{Domid}";
}

/// <summary>xen-pciback is not loaded.</summary>
internal sealed record NoPcibackFault : Fault
{
    /// <inheritdoc/>
    public override string ToString() => FaultText.NoPciback;
}

/// <summary>The host has no IOMMU that Xen uses.</summary>
internal sealed record NoIommuFault : Fault
{
    /// <inheritdoc/>
    public override string ToString() => FaultText.NoIommu;
}

/// <summary>What befalls a program.</summary>
internal enum CommandFaultKind
{
    /// <summary>It does nothing and never ends.</summary>
    Hang,

    /// <summary>It does nothing and ends with an exit code and a message.</summary>
    Fail,

    /// <summary>It does its work, and is killed (exit code 137) before it could say so.</summary>
    Die,

    /// <summary>It does nothing, says nothing, and ends with exit code 0.</summary>
    Lie,
}

/// <summary>What befalls a program.</summary>
/// <param name="Result">How it ends; null when it hangs until it is killed.</param>
/// <param name="AfterWork">True when it does its work first, and only then hangs or ends so.</param>
internal sealed record ProgramFault(CommandResult? Result, bool AfterWork);
