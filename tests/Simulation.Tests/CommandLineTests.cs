using XenDriverDomain.Errors;
using XenDriverDomain.Simulation.Errors;
using XenDriverDomain.Simulation.Tests.WholeHost;

namespace XenDriverDomain.Simulation.Tests;

/// <summary>Command lines for a simulated host, as people type them.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" \t")]
    [InlineData("xl 'list")]
    [InlineData("xl \"list")]
    public async Task WhatNamesNoProgramOrLeavesAQuoteOpenIsAnError(string line)
    {
        await using SimulatedHost host = new();
        XenDriverDomainException error = Assert.Throws<XenDriverDomainException>(() => host.Dom0.Run(line));
        Assert.Equal((SimulationErrorIds.SimulatedCommandMalformed, ErrorKind.InvalidArgument), (error.ErrorId, error.Kind));
    }

    [Fact]
    public async Task NoWordsAreNoCommandEither()
    {
        await using SimulatedHost host = new();
        Assert.Equal(
            SimulationErrorIds.SimulatedCommandMalformed,
            Assert.Throws<XenDriverDomainException>(() => host.Dom0.Run(Array.Empty<string>())).ErrorId);
    }

    [Fact]
    public async Task QuotesKeepBlanksTogether()
    {
        await using SimulatedHost host = new();
        Assert.Equal(host.Dom0.Run(["xl", "list", "no such domain"]), host.Dom0.Run("xl list 'no such domain'"));
    }
}
