namespace XenDriverDomain.Simulation.Time;

/// <summary>By due time, then in the order of arming.</summary>
internal sealed class AlarmOrder : IComparer<Alarm>
{
    public static readonly AlarmOrder Instance = new();

    public int Compare(Alarm? x, Alarm? y)
    {
        int due = x!.Due.CompareTo(y!.Due);
        return due != 0 ? due : x.Sequence.CompareTo(y.Sequence);
    }
}
