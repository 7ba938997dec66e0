using Xunit.Sdk;

namespace XenDriverDomain.Tests.Access;

/// <summary>A fact of a contract that several classes inherit; it is skipped in those whose <see cref="NeedsAttribute"/> is not met.</summary>
[XunitTestCaseDiscoverer("XenDriverDomain.Tests.Access.ContractFactDiscoverer", "Core.Tests")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class ContractFactAttribute : FactAttribute;
