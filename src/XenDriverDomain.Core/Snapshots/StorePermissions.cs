using System.Globalization;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Snapshots;

/// <summary>A node's permissions in one line: <c>n0 r1</c>.</summary>
internal static class StorePermissions
{
    private const int Most = 64;

    /// <summary>Writes them.</summary>
    public static string Write(IEnumerable<XenStorePermission> permissions) => string.Join(' ', permissions);

    /// <summary>Reads them; false when the text is none.</summary>
    public static bool TryParse(string text, out IReadOnlyList<XenStorePermission> permissions)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<XenStorePermission> found = [];
        permissions = found;
        foreach (string word in text.Split(' '))
        {
            XenStoreAccess? access = word.Length == 0 ? null : word[0] switch
            {
                'n' => XenStoreAccess.None,
                'r' => XenStoreAccess.Read,
                'w' => XenStoreAccess.Write,
                'b' => XenStoreAccess.ReadWrite,
                _ => null,
            };
            if (access is null || found.Count == Most
                || !ushort.TryParse(word.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort domid))
            {
                return false;
            }

            found.Add(new XenStorePermission(access.Value, domid));
        }

        return true;
    }
}
