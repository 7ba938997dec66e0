namespace XenDriverDomain.Simulation.Machine;

/// <summary>What pciback keeps of a function while it has it.</summary>
internal sealed class SeizedFunction(SimulatedFunction function)
{
    /// <summary>The function.</summary>
    public SimulatedFunction Function { get; } = function;

    /// <summary>The guest may write all of the configuration space. Never cleared.</summary>
    public bool IsPermissive { get; set; }

    /// <summary>The guest may control the interrupt line.</summary>
    public bool AllowsInterruptControl { get; set; }

    /// <summary>The fake interrupt handler runs.</summary>
    public bool IsHandlerOn { get; set; }

    /// <summary>The handler acknowledges.</summary>
    public bool IsAcknowledging { get; set; }

    /// <summary>The fields that were added.</summary>
    public List<QuirkField> Quirks { get; } = [];

    /// <summary>The address.</summary>
    public override string ToString() => Function.ToString();
}
