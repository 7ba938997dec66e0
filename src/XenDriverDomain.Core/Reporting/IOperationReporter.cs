namespace XenDriverDomain.Reporting;

/// <summary>
/// Where an operation tells what it does. Implementations are called from any thread and must not block; the cmdlets queue
/// the records and write them on the pipeline thread.
/// </summary>
public interface IOperationReporter
{
    /// <summary>What is being done, for -Verbose.</summary>
    void Verbose(string message);

    /// <summary>Why it is being done, for -Debug.</summary>
    void Debug(string message);

    /// <summary>Something unintended that the user should know although the operation goes on.</summary>
    void Warning(string message);

    /// <summary>How far a long operation is.</summary>
    /// <param name="activity">The operation, the same words throughout.</param>
    /// <param name="status">What is happening now.</param>
    /// <param name="percent">0 to 100, or -1 where no honest number exists.</param>
    void Progress(string activity, string status, int percent);
}
