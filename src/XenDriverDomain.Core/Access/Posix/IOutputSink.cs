namespace XenDriverDomain.Access.Posix;

/// <summary>Takes what a process prints, as it comes.</summary>
internal interface IOutputSink
{
    /// <summary>Some bytes of standard output (0) or standard error (1); called on the pump's thread.</summary>
    void Take(int stream, ReadOnlySpan<byte> data);

    /// <summary>No more will come: both streams ended, or the pump was told to finish.</summary>
    void End();
}
