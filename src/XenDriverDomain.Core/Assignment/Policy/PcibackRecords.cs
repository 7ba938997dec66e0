using System.Globalization;
using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.Waiting;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Assignment.Policy;

/// <summary>
/// Which fields were stored in pciback, as far as somebody wrote it down. pciback itself is not asked: reading its attribute
/// <c>quirks</c> can crash dom0 (see <see cref="KernelAccess"/>).
/// </summary>
/// <param name="dom0">The host.</param>
internal sealed class PcibackRecords(Dom0 dom0)
{
    private const string BindingNode = "binding";
    private const string DomidNode = "domid";
    private const string FieldsNode = "field";

    /// <summary>The fields of functions that pciback has now; a function of which nothing is known is left out.</summary>
    /// <param name="held">The functions, as they are now.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyDictionary<PciAddress, IReadOnlyList<RecordedField>>> ReadAsync(
        IReadOnlyCollection<PciDevice> held, CancellationToken cancellationToken)
    {
        Dictionary<PciAddress, IReadOnlyList<RecordedField>> known = [];
        if (held.Count == 0)
        {
            return known;
        }

        (FieldsRecord[] own, BulkAnswer scripts) = await Together.AllAsync(
            ReadOwnAsync(held, cancellationToken),
            dom0.Files.ReadManyAsync(
                new BulkQuery([.. FieldsRecord.ScriptFolders.Select(folder => folder + "/*")], [], []), cancellationToken).AsTask())
            .ConfigureAwait(false);
        FieldsRecord[] written =
        [
            .. own,
            .. scripts.Files.Select(
                file => FieldsRecord.TryReadScript(file.Key, file.Value)).OfType<FieldsRecord>()
                .Where(record => held.Any(device => device.Address == record.Address)),
        ];
        if (written.Length == 0)
        {
            return known;
        }

        IReadOnlyDictionary<PciAddress, long> bindings =
            await ReadBindingsAsync([.. written.Select(record => record.Address).Distinct()], cancellationToken).ConfigureAwait(false);
        foreach (PciDevice device in held)
        {
            // Of two that claim a register, pciback took the first.
            RecordedField[] fields =
            [
                .. written.Where(record => bindings.TryGetValue(device.Address, out long binding) && record.IsAbout(device, binding))
                    .SelectMany(record => record.Fields).DistinctBy(one => one.Field.Register).OrderBy(one => one.Field.Register),
            ];
            if (fields.Length > 0)
            {
                known[device.Address] = fields;
            }
        }

        return known;
    }

    /// <summary>Whether there is a record of this module's for a function, of whichever binding.</summary>
    public async Task<bool> ExistsAsync(PciAddress address, CancellationToken cancellationToken)
    {
        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        return await store.TryListAsync(FieldsRecord.FolderOf(address), cancellationToken).ConfigureAwait(false) is not null;
    }

    /// <summary>Writes down what pciback has just taken.</summary>
    /// <param name="hand">What to write with.</param>
    /// <param name="address">A function that pciback has.</param>
    /// <param name="domid">The domain that has it; null for none.</param>
    /// <param name="fields">The fields.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when pciback does not have the function any more.</returns>
    public async Task<bool> WriteAsync(
        HostHand hand, PciAddress address, int? domid, IReadOnlyList<RecordedField> fields, CancellationToken cancellationToken)
    {
        if (!(await ReadBindingsAsync([address], cancellationToken).ConfigureAwait(false)).TryGetValue(address, out long binding))
        {
            return false;
        }

        XenStorePath folder = FieldsRecord.FolderOf(address);
        string bound = binding.ToString(CultureInfo.InvariantCulture);
        string? guest = domid?.ToString(CultureInfo.InvariantCulture);
        HostCondition isOfAnother = new NodeExists(folder / DomidNode);
        HostCondition isOfThis = new NodeIs(folder / BindingNode, bound)
            & !(guest is null ? isOfAnother : isOfAnother & !new NodeIs(folder / DomidNode, guest));
        return await hand.DoAsync(
            new ChangeNodes(
            [
                // What is there is about a binding, or a guest, that is gone, and so are the fields.
                new RemoveNode(folder) { If = !isOfThis },
                new MakeFolder(folder),
                new WriteNode(folder / BindingNode, bound),
                .. guest is null ? (NodeChange[])[] : [new WriteNode(folder / DomidNode, guest)],
                .. fields.Select(field => new WriteNode(
                    folder / FieldsNode / field.Field.Register.ToString("x3", CultureInfo.InvariantCulture),
                    field.ToString()) { OnlyIfMissing = true }),
            ]),
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<FieldsRecord[]> ReadOwnAsync(IReadOnlyCollection<PciDevice> held, CancellationToken cancellationToken)
    {
        IXenStoreClient store;
        try
        {
            store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (XenDriverDomainException e) when (e.ErrorId == ErrorIds.XenStoreUnavailable)
        {
            // Without xenstored there is no record, and the inventory has said so.
            return [];
        }

        HashSet<PciAddress> wanted = [.. held.Select(device => device.Address)];
        List<Task<FieldsRecord?>> reading = [];
        if (held.Count == 1)
        {
            reading.Add(ReadOwnAsync(store, held.First().Address, cancellationToken));
        }
        else
        {
            foreach (string key in await store.TryListAsync(OwnRecords.Pci, cancellationToken).ConfigureAwait(false) ?? [])
            {
                if (PciAddress.TryParseXenStoreKey(key, out PciAddress address) && wanted.Contains(address))
                {
                    reading.Add(ReadOwnAsync(store, address, cancellationToken));
                }
            }
        }

        return [.. (await Task.WhenAll(reading).ConfigureAwait(false)).OfType<FieldsRecord>()];
    }

    private static async Task<FieldsRecord?> ReadOwnAsync(IXenStore store, PciAddress address, CancellationToken cancellationToken)
    {
        XenStorePath folder = FieldsRecord.FolderOf(address);
        (string? binding, int? domid, IReadOnlyList<string>? registers) = await Together.AllAsync(
            store.TryReadTextAsync(folder / BindingNode, cancellationToken).AsTask(),
            store.TryReadNumberAsync(folder / DomidNode, cancellationToken).AsTask(),
            store.TryListAsync(folder / FieldsNode, cancellationToken).AsTask()).ConfigureAwait(false);
        if (!FieldsRecord.TryReadBinding(binding, out long bound))
        {
            return null;
        }

        string?[] fields = await Task.WhenAll((registers ?? [])
            .Select(name => store.TryReadTextAsync(folder / FieldsNode / name, cancellationToken).AsTask())).ConfigureAwait(false);
        return new FieldsRecord(address, bound, domid, [.. FieldsRecord.Parse(fields.OfType<string>())]);
    }

    // stat(1) is all that tells an inode's number; it is asked only where there is a record.
    private async Task<IReadOnlyDictionary<PciAddress, long>> ReadBindingsAsync(
        IReadOnlyList<PciAddress> addresses, CancellationToken cancellationToken)
    {
        CommandResult result = await dom0.Commands.RunAsync(
            new CommandRequest("stat", ["-c", "%i %n", .. addresses.Select(PcibackPaths.LinkOf)]) { OnlyLooks = true }, cancellationToken)
            .ConfigureAwait(false);
        Dictionary<PciAddress, long> bindings = [];
        foreach (string line in result.StandardOutput.Split('\n'))
        {
            if (line.Split(' ') is [var number, var path] && FieldsRecord.TryReadBinding(number, out long binding)
                && PciAddress.TryParse(path[(path.LastIndexOf('/') + 1)..], out PciAddress address))
            {
                bindings[address] = binding;
            }
        }

        return bindings;
    }
}
