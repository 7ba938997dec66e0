namespace XenDriverDomain.XenStore.Wire;

/// <summary>
/// The header of every message: four 32-bit words in the byte order of the machine, which the peers of a socket or of the
/// device share (struct xsd_sockmsg, xen/include/public/io/xs_wire.h).
/// </summary>
/// <param name="Type">What is asked or answered.</param>
/// <param name="RequestId">Chosen by the client, repeated in the reply.</param>
/// <param name="TransactionId">0 outside of a transaction; repeated in the reply.</param>
/// <param name="Length">Bytes of payload that follow.</param>
internal sealed record MessageHeader(MessageType Type, uint RequestId, uint TransactionId, uint Length)
{
    /// <summary>Bytes of the header.</summary>
    public const int Size = 16;

    /// <summary>XENSTORE_PAYLOAD_MAX: a request with more is answered by the end of the connection.</summary>
    public const int PayloadMax = 4096;

    /// <summary>Reads a header from the first <see cref="Size"/> bytes.</summary>
    public static MessageHeader Read(ReadOnlySpan<byte> source) => new(
        (MessageType)BitConverter.ToUInt32(source),
        BitConverter.ToUInt32(source[4..]),
        BitConverter.ToUInt32(source[8..]),
        BitConverter.ToUInt32(source[12..]));

    /// <summary>Writes the header to the first <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> destination)
    {
        BitConverter.TryWriteBytes(destination, (uint)Type);
        BitConverter.TryWriteBytes(destination[4..], RequestId);
        BitConverter.TryWriteBytes(destination[8..], TransactionId);
        BitConverter.TryWriteBytes(destination[12..], Length);
    }
}
