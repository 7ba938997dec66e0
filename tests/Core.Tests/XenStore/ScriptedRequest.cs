using System.Text;
using XenDriverDomain.XenStore.Wire;

namespace XenDriverDomain.Tests.XenStore;

/// <summary>A message of the client as a scripted server received it.</summary>
internal sealed record ScriptedRequest(MessageHeader Header, byte[] Payload)
{
    public MessageType Type => Header.Type;

    /// <summary>The texts of the payload, each of which ended with a NUL.</summary>
    public string[] Texts => Encoding.ASCII.GetString(Payload).Split('\0')[..^1];
}
