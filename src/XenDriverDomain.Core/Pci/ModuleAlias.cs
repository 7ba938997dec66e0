namespace XenDriverDomain.Pci;

/// <summary>A line of modules.alias.</summary>
/// <param name="Pattern">Which functions, <c>pci:v00008086d000010D3sv*sd*bc*sc*i*</c>.</param>
/// <param name="Module">The module that says that it knows them.</param>
internal sealed record ModuleAlias(string Pattern, string Module);
