namespace XenDriverDomain.Simulation.Machine;

/// <summary>Links as sysfs stores them: relative to the directory they are in.</summary>
internal static class SysLink
{
    /// <summary>The target of a link at <paramref name="link"/> that leads to <paramref name="path"/>, both absolute.</summary>
    public static string Target(string link, string path)
    {
        string[] from = link.Split('/')[1..^1];
        string[] to = path.Split('/')[1..];
        int common = 0;
        while (common < from.Length && common < to.Length - 1 && from[common] == to[common])
        {
            common++;
        }

        return string.Join('/', Enumerable.Repeat("..", from.Length - common).Concat(to[common..]));
    }
}
