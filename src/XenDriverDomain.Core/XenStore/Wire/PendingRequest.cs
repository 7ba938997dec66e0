namespace XenDriverDomain.XenStore.Wire;

/// <summary>One request on its way: what was asked, and the promise of its reply.</summary>
internal sealed class PendingRequest(MessageHeader header, string subject, byte[] message, long started)
{
    // Continuations must not run on the reader's loop: a slow caller would stall everybody's replies.
    private readonly TaskCompletionSource<Reply> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public MessageHeader Header { get; } = header;

    public byte[] Message { get; } = message;

    /// <summary>The clock's timestamp when it was queued.</summary>
    public long Started { get; } = started;

    public Task<Reply> Completion => _completion.Task;

    /// <summary>What was asked of whom, to stand after "the request to".</summary>
    public string Describe() => $"{Header.Type.ToWords()} {Terminal.Text.Show(subject)}";

    public void Complete(Reply reply) => _completion.TrySetResult(reply);

    public void Fail(Exception exception) => _completion.TrySetException(exception);

    public void Cancel(CancellationToken cancellationToken) => _completion.TrySetCanceled(cancellationToken);
}

/// <summary>What a request got back.</summary>
/// <param name="Payload">The payload of a success; empty for an error.</param>
/// <param name="Error">The validated name of the error, such as ENOENT; null for a success.</param>
internal sealed record Reply(byte[] Payload, string? Error);
