using XenDriverDomain.Access;

namespace XenDriverDomain.Simulation.Faults;

/// <summary>What befalls a program.</summary>
/// <param name="Result">How it ends; null when it hangs until it is killed.</param>
/// <param name="AfterWork">True when it does its work first, and only then hangs or ends so.</param>
public sealed record ProgramFault(CommandResult? Result, bool AfterWork);
