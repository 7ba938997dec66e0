using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Snapshots;

/// <summary>What a function's SR-IOV capability says (drivers/pci/iov.c), and the virtual functions that it had.</summary>
internal sealed class VirtualFunctionsReader(RecordedFiles files)
{
    private const int NetworkClass = 0x02;
    private const int LastRoutingId = 0xffff;

    /// <summary>The capability; null for a function without one, or one of which not enough is known.</summary>
    /// <param name="what">The function.</param>
    /// <param name="recorded">The virtual functions that say that they are its own.</param>
    public VirtualFunctionsDescription? Read(FunctionDescription what, IReadOnlyList<FunctionDescription> recorded)
    {
        string path = $"{PciQueries.Devices}/{what.Address}";
        int[] ids = [.. recorded.Where(one => one.Address.Domain == what.Address.Domain).Select(one => RoutingId(one.Address)).Order()];
        int own = RoutingId(what.Address);

        // Kernels before 4.14 do not tell the distances, but the functions themselves do.
        int offset = files.Number($"{path}/sriov_offset") ?? (ids.Length > 0 ? ids[0] - own : 0);
        int stride = files.Number($"{path}/sriov_stride") ?? (ids.Length > 1 ? ids[1] - ids[0] : 1);
        if (files.Number($"{path}/sriov_totalvfs") is not { } total || total < 1 || offset < 1 || stride < 1
            || own + offset > LastRoutingId)
        {
            return null;
        }

        total = Math.Min(total, ((LastRoutingId - own - offset) / stride) + 1);
        int count = Math.Clamp(files.Number($"{path}/sriov_numvfs") ?? 0, 0, total);
        return new VirtualFunctionsDescription(
            total,
            count,
            offset,
            stride,
            (ushort)files.Hex($"{path}/sriov_vf_device"),
            recorded.Select(one => one.Driver).FirstOrDefault(driver => driver is not null) ?? string.Empty,
            what.ClassCode >> 16 == NetworkClass ? $"enp{what.Address.Bus}s{what.Address.Device}f{what.Address.Function}v{{0}}" : null)
        {
            Known = [.. recorded.Where(
                one => one.Address.Domain == what.Address.Domain && IsOneOf(RoutingId(one.Address) - own - offset, stride, count))],
        };
    }

    private static bool IsOneOf(int distance, int stride, int count) =>
        distance >= 0 && distance % stride == 0 && distance / stride < count;

    private static int RoutingId(PciAddress address) => (address.Bus << 8) | (address.Device << 3) | address.Function;
}
