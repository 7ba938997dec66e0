namespace XenDriverDomain.Simulation.Toolstack;

/// <summary>A subcommand of xl.</summary>
internal interface IXlCommand
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>Its arguments, as its help has them.</summary>
    string Usage { get; }

    /// <summary>What it does, as its help has it.</summary>
    string Description { get; }

    /// <summary>Carries it out.</summary>
    /// <param name="process">xl.</param>
    /// <param name="arguments">What follows its name.</param>
    /// <returns>xl's exit code.</returns>
    Task<int> RunAsync(XlProcess process, XlArguments arguments);
}
