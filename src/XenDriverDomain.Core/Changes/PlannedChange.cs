namespace XenDriverDomain.Changes;

/// <summary>
/// A change that was looked at, checked and planned, but not begun, and the way to see what became of it. A caller shows the
/// plan (-WhatIf) or runs it and then reads the state back; nothing is inferred from the plan's having run.
/// </summary>
/// <typeparam name="T">What is read back.</typeparam>
/// <param name="Plan">The steps.</param>
/// <param name="ReadBackAsync">Reads the resulting state from the host, after the plan ran.</param>
public sealed record PlannedChange<T>(ChangePlan Plan, Func<CancellationToken, Task<T>> ReadBackAsync);
