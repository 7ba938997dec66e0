using System.Diagnostics.CodeAnalysis;
using XenDriverDomain.Changes;
using XenDriverDomain.Hosts;

namespace XenDriverDomain.Hosting;

/// <summary>The base of cmdlets that change a host: look, plan, ask (or show the plan), run, read back.</summary>
public abstract class ChangeCmdlet : Dom0Cmdlet
{
    /// <summary>
    /// Looks and plans, shows the plan with -WhatIf or asks with -Confirm, carries it out, and reads the result back.
    /// </summary>
    /// <param name="host">The host to change.</param>
    /// <param name="planAsync">Looks, refuses or plans.</param>
    /// <param name="wanted">Whether the result is wanted; every step has verified its own effect, so reading it back only to drop it is waste.</param>
    /// <param name="result">What was read back; the default when nothing was carried out, or when it is not wanted.</param>
    /// <returns>True when the plan was carried out, or there was nothing to do.</returns>
    private protected bool Change<T>(
        HostSession host,
        Func<PipelineReporter, CancellationToken, Task<PlannedChange<T>>> planAsync,
        bool wanted,
        [MaybeNull] out T result)
    {
        PlannedChange<T> change = Wait(planAsync);
        result = default;
        if (change.Plan.IsEmpty)
        {
            WriteVerbose($"{change.Plan.Title}: nothing to do, the host is there already.");
        }
        else
        {
            string plan = $"{change.Plan.Title} on {host.Dom0.Id}\n{Indent(change.Plan.Describe())}";
            if (!ShouldProcess(plan, $"{plan}\nContinue?", change.Plan.Title))
            {
                return false;
            }

            Wait((reporter, token) => change.Plan.RunAsync(reporter, host.Dom0.Time, token));
        }

        if (wanted)
        {
            result = Wait((_, token) => change.ReadBackAsync(token));
        }

        return true;
    }

    private static string Indent(string text) => "  " + text.Replace("\n", "\n  ", StringComparison.Ordinal);
}
