using Mono.Cecil;
using Mono.Cecil.Cil;

namespace XenDriverDomain.ModuleTests.Rooms;

/// <summary>
/// Only acts change a host: nothing but the room of changes, and the probe with its throw-away device, calls what writes through the ports,
/// so that a plan's text is all that it does.
/// </summary>
public sealed class HandTests
{
    private static readonly string[] s_writing =
    [
        "XenDriverDomain.Access.IDom0Files::WriteOnceAsync",
        "XenDriverDomain.Access.IDom0Files::ReplaceAsync",
        "XenDriverDomain.Access.IDom0Files::ComposeAsync",
        "XenDriverDomain.Access.IDom0Files::DeleteAsync",
        "XenDriverDomain.Access.IDom0Files::CreateDirectoryAsync",
        "XenDriverDomain.XenStore.IXenStore::WriteAsync",
        "XenDriverDomain.XenStore.IXenStore::RemoveAsync",
        "XenDriverDomain.XenStore.IXenStore::MakeDirectoryAsync",
        "XenDriverDomain.XenStore.IXenStore::SetPermissionsAsync",
        "XenDriverDomain.XenStore.IXenStoreClient::TransactAsync",
        "XenDriverDomain.XenStore.XenStoreExtensions::WriteTextAsync",
    ];

    private static readonly string[] s_hands =
        ["XenDriverDomain.Changes", "XenDriverDomain.Access", "XenDriverDomain.XenStore", "XenDriverDomain.DriverDomains.Probe"];

    [Fact]
    public void Nobody_else_writes_through_the_ports()
    {
        using ModuleDefinition core = ModuleDefinition.ReadModule(Path.Combine(AppContext.BaseDirectory, "XenDriverDomain.Core.dll"));
        (string From, string To)[] calls =
        [
            .. from type in core.GetTypes()
               from method in type.Methods
               where method.HasBody
               from instruction in method.Body.Instructions
               let called = instruction.Operand as MethodReference
               where called is not null && (instruction.OpCode == OpCodes.Callvirt || instruction.OpCode == OpCodes.Call)
               let name = $"{called.DeclaringType.FullName}::{called.Name}"
               where s_writing.Contains(name)
               select (RoomOf(type), name),
        ];

        Assert.Equal(s_writing.Order(StringComparer.Ordinal), calls.Select(c => c.To).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(
            [], calls.Where(c => !s_hands.Any(h => c.From == h || c.From.StartsWith(h + '.', StringComparison.Ordinal))).Distinct());
    }

    private static string RoomOf(TypeDefinition type)
    {
        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        return type.Namespace;
    }
}
