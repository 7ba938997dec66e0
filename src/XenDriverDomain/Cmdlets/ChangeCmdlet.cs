using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;
using XenDriverDomain.Hosts;
using XenDriverDomain.Reporting;
using XenDriverDomain.Session;

namespace XenDriverDomain.Cmdlets;

/// <summary>The base of cmdlets that change a host: look, plan, ask (or show the plan), run, read back.</summary>
public abstract class ChangeCmdlet : Dom0Cmdlet
{
    /// <summary>The tag of the information record that a summary is.</summary>
    public const string SummaryTag = "XenDriverDomain.Summary";

    private readonly Stopwatch _duration = Stopwatch.StartNew();
    private int _changed;
    private int _unchanged;
    private int _failed;

    // The local host, once it is known that it may be changed.
    private HostSession? _admitted;
    private bool _isNamed;

    /// <inheritdoc/>
    /// <remarks>What the command line says is bound by now, and what comes through the pipeline is not.</remarks>
    protected sealed override void BeginProcessing()
    {
        base.BeginProcessing();
        _isNamed = Dom0 is not null;
    }

    /// <inheritdoc/>
    /// <remarks>After bulk work one object says what became of all, beside the pipeline: as information, which scripts take with
    /// -InformationVariable and people see with -InformationAction Continue.</remarks>
    protected sealed override void EndProcessing()
    {
        Finish();
        if (_changed + _unchanged + _failed > 1)
        {
            WriteInformation(
                new ChangeSummary
                {
                    Command = MyInvocation.MyCommand.Name,
                    Changed = _changed,
                    Unchanged = _unchanged,
                    Failed = _failed,
                    Duration = _duration.Elapsed,
                },
                [SummaryTag]);
        }
    }

    /// <summary>Does what can be done only when all that the pipeline brings is there.</summary>
    private protected virtual void Finish()
    {
    }

    /// <inheritdoc/>
    private protected sealed override void NoteFailure() => _failed++;

    /// <inheritdoc/>
    private protected sealed override string RemedyFor(XenDriverDomainException error, object? target)
    {
        if (target is not string pattern || !NamePattern.HasWildcard(pattern)
            || error.ErrorId is not (ErrorIds.DomainReferenceMalformed or ErrorIds.DomainNameInvalid or ErrorIds.PciAddressMalformed))
        {
            return error.Remedy;
        }

        string command = MyInvocation.MyCommand.Name;
        string noun = command[(command.IndexOf('-', StringComparison.Ordinal) + 1)..];
        string getter = noun.StartsWith("XenPci", StringComparison.Ordinal) ? "Get-XenPciDevice"
            : noun.StartsWith("XenGuest", StringComparison.Ordinal) ? "Get-XenGuest"
            : "Get-" + noun;
        return $"What changes something takes no patterns; pipe what is meant: {getter} '{Terminal.Text.Show(pattern)}' | {command}.";
    }

    /// <inheritdoc/>
    private protected sealed override void CheckHost(HostSession host) => RequireChosen(host);

    private readonly List<HostSession> _changing = [];

    /// <summary>
    /// Looks and plans under the host's lock, shows the plan with -WhatIf or asks with -Confirm, carries it out, and reads the result back.
    /// The lock is held while somebody is asked, too: what he agrees to is what was seen.
    /// </summary>
    /// <param name="host">The host to change.</param>
    /// <param name="planAsync">Looks, refuses or plans.</param>
    /// <param name="wanted">Whether the result is wanted; every step has verified its own effect, so reading it back only to drop it is
    /// waste.</param>
    /// <param name="result">What was read back; the default when nothing was carried out, or when it is not wanted.</param>
    /// <returns>True when the plan was carried out, or there was nothing to do.</returns>
    private protected bool Change<T>(
        HostSession host,
        Func<CancellationToken, Task<PlannedChange<T>>> planAsync,
        bool wanted,
        [MaybeNull] out T result)
    {
        RequireChosen(host);

        // With -WhatIf nothing is changed, and nobody has to wait. A change within a change of this cmdlet is under the same lock.
        bool locks = !_changing.Contains(host) && !IsWhatIf();
        using ChangeLock? held = locks ? TakeLock(host) : null;
        if (locks)
        {
            _changing.Add(host);
        }

        try
        {
            return Change(host, planAsync, wanted, held, out result);
        }
        finally
        {
            if (locks)
            {
                _changing.Remove(host);
            }
        }
    }

    private bool Change<T>(
        HostSession host,
        Func<CancellationToken, Task<PlannedChange<T>>> planAsync,
        bool wanted,
        ChangeLock? held,
        [MaybeNull] out T result)
    {
        PlannedChange<T> change = Wait((_, token) => planAsync(token));
        result = default;
        if (change.Plan.IsEmpty)
        {
            _unchanged++;
            WriteVerbose($"{change.Plan.Title}: nothing to do, the host is there already.");
        }
        else
        {
            held?.Tell(change.Plan.Title);
            string plan = $"{change.Plan.Title} on {host.Dom0.Id}\n{Indent(change.Plan.Describe())}";
            if (!IsAgreed(plan))
            {
                if (IsWhatIf())
                {
                    WriteVerbose($"What it does, as commands for a shell on {host.Dom0.Id}, each step with its undo as a "
                        + $"comment:\n{change.Plan.ToShell()}");
                }

                return false;
            }

            Wait((_, token) => change.Plan.RunAsync(host.Hand, token));
            if (change.Plan.IsAlreadySo)
            {
                _unchanged++;
            }
            else
            {
                _changed++;
            }
        }

        if (wanted)
        {
            result = Wait((_, token) => change.ReadBackAsync(token));
        }

        return true;
    }

    private bool IsAgreed(string plan)
    {
        try
        {
            return ShouldProcess(plan, $"{plan}\nContinue?", MyInvocation.MyCommand.Name);
        }
        catch (Exception e) when (e is not IContainsErrorRecord && !AnyError.IsFatal(e))
        {
            // PowerShell's console has no answer for an input that ends, and takes the missing line for one.
            throw new XenDriverDomainException(
                ModuleErrorIds.NotConfirmed,
                ErrorKind.InvalidState,
                $"{MyInvocation.MyCommand.Name} asked whether to go on, and the input ended without an answer. Nothing was done.",
                "Answer it at a terminal, or say -Confirm:$false where nobody can be asked.",
                null,
                e);
        }
    }

    // A machine that is no dom0 is changed only when somebody named it: who forgot to connect means another one. An object that a getter
    // found here without being told where to look carries the id of this machine, so one that is piped names nothing.
    private void RequireChosen(HostSession host)
    {
        if (_isNamed || ReferenceEquals(host, _admitted) || host.Dom0.Id != HostSession.LocalId)
        {
            return;
        }

        if (!Wait((_, token) => host.Inspector.IsControlDomainAsync(token)))
        {
            throw new XenDriverDomainException(
                ModuleErrorIds.Dom0NotChosen,
                ErrorKind.Connection,
                $"{MyInvocation.MyCommand.Name} would change this machine, which nobody named and which is no dom0: neither "
                + "/proc/xen/capabilities says control_d nor xenstore that it is domain 0. Nothing was done.",
                $"Connect to a dom0 with Connect-XenDom0, or say -Dom0 {HostSession.LocalId} if this machine is meant, as before Xen's "
                + "first boot.",
                host.Dom0.Id);
        }

        _admitted = host;
    }

    private ChangeLock? TakeLock(HostSession host) => Wait((_, token) =>
        ChangeLock.TakeAsync(host.Dom0, MyInvocation.MyCommand.Name, ChangeLock.DefaultPatience, token));

    // PowerShell keeps what it makes of both to itself.
    private protected bool IsWhatIf() => MyInvocation.BoundParameters.TryGetValue("WhatIf", out object? given)
        ? given is SwitchParameter { IsPresent: true }
        : LanguagePrimitives.IsTrue(SessionState.PSVariable.GetValue("WhatIfPreference"));

    private static string Indent(string text) => "  " + text.Replace("\n", "\n  ", StringComparison.Ordinal);
}
