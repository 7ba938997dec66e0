using XenDriverDomain.Domains;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration.Specs;

/// <summary>
/// Reads a disk string as Xen's scanner does (tools/libs/util/libxlu_disk_l.l): at each place the longest rule wins, and a prefix of
/// xm's time is one wherever it stands. Stricter only where xl would take what nobody means: no or a nameless device, an empty
/// back-end domain, an access or a kind given twice in different ways.
/// </summary>
internal sealed class DiskSpecReader
{
    private const string Keys =
        "target, format, vdev, access, backend, backendtype, devtype, script, direct-io-safe, discard, no-discard";

    // Settings that are for libxl alone: kept in the string, and given once.
    private static readonly string[] s_otherKeys = ["colo-host", "colo-export", "active-disk", "hidden-disk"];

    // Newer versions than the reader of the installed Xen know all of them.
    private static readonly string[] s_otherWords =
        ["direct-io-safe", "discard", "no-discard", "colo", "no-colo", "trusted", "untrusted"];

    private static readonly string[] s_plainPrefixes = ["phy", "file", "aio", "tap", "tap2", "tapdisk", "ioemu"];
    private static readonly string[] s_formatPrefixes = ["raw", "qcow", "qcow2", "vhd"];

    // Prefixes that name a script, block-iscsi and so on.
    private static readonly string[] s_scriptPrefixes = ["iscsi", "nbd", "enbd", "drbd"];

    private readonly string _text;
    private readonly Dictionary<string, string> _others = new(StringComparer.Ordinal);
    private string? _target;
    private string? _format;
    private string? _device;
    private string? _script;
    private string? _backendType;
    private DomainRef? _backend;
    private bool? _isWritable;
    private bool? _isCdrom;
    private bool _hasPrefix;
    private bool _hasPositionalAccess;

    private DiskSpecReader(string text) => _text = text;

    public static DiskSpec Read(string text)
    {
        DiskSpecReader reader = new(text);
        reader.ReadAll();
        return reader.Complete();
    }

    private void ReadAll()
    {
        string rest = _text;
        while ((rest = rest.TrimStart(' ', '\t')).Length > 0)
        {
            if (rest.StartsWith("target=", StringComparison.Ordinal))
            {
                // It takes all that is left, commas included, but for one at the very end.
                string target = rest["target=".Length..];
                SetOnce(ref _target, target.EndsWith(',') ? target[..^1] : target, "target");
                return;
            }

            if (PrefixOf(rest) is { } prefix)
            {
                AddPrefix(prefix);
                rest = rest[(prefix.Length + 1)..];
                continue;
            }

            int comma = rest.IndexOf(',', StringComparison.Ordinal);
            ReadPart(comma < 0 ? rest : rest[..comma]);
            rest = comma < 0 ? string.Empty : rest[(comma + 1)..];
        }
    }

    // A word before a colon, unless more of a word follows: hdc:cdrom is a device.
    private static string? PrefixOf(string rest)
    {
        int end = 0;
        while (end < rest.Length && (char.IsAsciiLetterLower(rest[end]) || (end > 0 && char.IsAsciiDigit(rest[end]))))
        {
            end++;
        }

        if (end == 0 || end == rest.Length || rest[end] != ':')
        {
            return null;
        }

        string word = rest[..end];
        bool isWhole = end + 1 == rest.Length || !(char.IsAsciiLetterLower(rest[end + 1]) || char.IsAsciiDigit(rest[end + 1]));
        return isWhole || s_plainPrefixes.Contains(word) || s_formatPrefixes.Contains(word) || s_scriptPrefixes.Contains(word)
            ? word
            : null;
    }

    private void AddPrefix(string prefix)
    {
        _hasPrefix = true;
        if (s_formatPrefixes.Contains(prefix))
        {
            SetFormat(prefix);
        }
        else if (s_scriptPrefixes.Contains(prefix))
        {
            SetOnce(ref _script, "block-" + prefix, "script");
        }
        else if (!s_plainPrefixes.Contains(prefix))
        {
            throw Malformed($"there is no prefix '{prefix}:'");
        }
    }

    private void ReadPart(string part)
    {
        (string key, string? value) = SpecText.Split(part);
        if (value is not null)
        {
            SetKey(part, key, value);
        }
        else if (part == "cdrom")
        {
            SetCdrom(true);
        }
        else if (!s_otherWords.Contains(part))
        {
            SetPosition(part);
        }
    }

    private void SetKey(string part, string key, string value)
    {
        switch (key)
        {
            case "format":
                SetFormat(value);
                break;
            case "vdev":
                SetOnce(ref _device, value, key);
                break;
            case "access":
                SetAccess(value);
                break;
            case "script":
                SetOnce(ref _script, value, key);
                break;
            case "devtype":
                SetCdrom(value is "cdrom" or "disk" ? value == "cdrom" : throw Malformed("devtype is disk or cdrom"));
                break;
            case "backend":
                SetBackend(value);
                break;
            case "backendtype":
                SetSame(ref _backendType, value, key, ["phy", "tap", "qdisk", "standalone"]);
                break;
            case "specification":
                string? specification = _others.GetValueOrDefault(key);
                SetSame(ref specification, value, key, ["xen", "virtio"]);
                _others[key] = specification!;
                break;
            case "colo-port":
                _others[key] = int.TryParse(value, out int port) && port != 0 ? value : throw Malformed("colo-port is a number");
                break;
            case "grant_usage":
                _others[key] = value is "0" or "1" ? value : throw Malformed("grant_usage is 0 or 1");
                break;
            case var _ when s_otherKeys.Contains(key):
                string? other = _others.GetValueOrDefault(key);
                SetOnce(ref other, value, key);
                _others[key] = other!;
                break;
            case var _ when key.Length > 0 && char.IsAsciiLetterLower(key[0])
                && key.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_'):
                throw Malformed($"there is no key '{Show(key)}'; the keys are {Keys}");
            default:
                throw Malformed($"'{Show(part)}' has no key; a path with '=' in it goes to the end, with target= before it");
        }
    }

    private void SetPosition(string part)
    {
        if (_target is null)
        {
            _target = part;
        }
        else if (!_hasPrefix && _format is null)
        {
            if (_target.Length == 0 && SetDeviceAndType(part))
            {
                _format = "empty";
            }
            else
            {
                SetFormat(part);
            }
        }
        else if (_device is null)
        {
            if (!SetDeviceAndType(part))
            {
                _device = part;
            }
        }
        else if (!_hasPositionalAccess)
        {
            _hasPositionalAccess = true;
            SetAccess(part);
        }
        else
        {
            throw Malformed($"'{Show(part)}' is one part too many; the keys are {Keys}");
        }
    }

    // "hdc:cdrom"; false when there is no colon.
    private bool SetDeviceAndType(string part)
    {
        int colon = part.LastIndexOf(':');
        if (colon < 0)
        {
            return false;
        }

        SetOnce(ref _device, part[..colon], "vdev");
        SetCdrom(part[(colon + 1)..] switch
        {
            "cdrom" => true,
            "disk" => false,
            var type => throw Malformed($"'{Show(type)}' is no type of device; there are disk and cdrom"),
        });
        return true;
    }

    private void SetFormat(string value) =>
        SetSame(ref _format, value.Length == 0 ? "raw" : value, "format", ["raw", "qcow", "qcow2", "qed", "vhd", "empty"]);

    private void SetAccess(string value)
    {
        bool isWritable = value switch
        {
            "w" or "rw" or "" => true,
            "r" or "ro" => false,
            _ => throw Malformed("access is rw (w) or ro (r)"),
        };
        _isWritable = (_isWritable ?? isWritable) == isWritable ? isWritable : throw Twice("access");
    }

    private void SetCdrom(bool value) => _isCdrom = (_isCdrom ?? value) == value ? value : throw Twice("devtype");

    private void SetBackend(string value)
    {
        DomainRef backend = DomainRef.TryParse(value, out DomainRef found, out string? why)
            ? found : throw Malformed($"backend cannot name a domain: {why}");
        _backend = _backend is null ? backend : throw Twice("backend");
    }

    // An empty value does not count as given.
    private void SetOnce(ref string? place, string value, string key) =>
        place = string.IsNullOrEmpty(place) ? value : throw Twice(key);

    private void SetSame(ref string? place, string value, string key, string[] known)
    {
        if (!known.Contains(value))
        {
            throw Malformed($"there is no {key} '{Show(value)}'; there are {string.Join(", ", known)}");
        }

        place = (place ?? value) == value ? value : throw Twice(key);
    }

    private DiskSpec Complete()
    {
        bool isCdrom = _isCdrom == true;
        bool isEmpty = string.IsNullOrEmpty(_target);
        if (string.IsNullOrEmpty(_device))
        {
            throw Malformed("it names no device for the guest (vdev)");
        }

        if (_device.Length > 32 || !_device.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-'))
        {
            throw Malformed($"'{Show(_device)}' is no device name such as xvda");
        }

        return isEmpty && !isCdrom ? throw Malformed("it names no target") : new DiskSpec(_text)
        {
            Target = isEmpty ? null : _target,
            Format = isEmpty && isCdrom ? "empty" : _format ?? (_hasPrefix ? "raw" : null),
            VirtualDevice = _device,
            IsWritable = _isWritable != false && !isCdrom,
            IsCdrom = isCdrom,
            Backend = _backend,
            Script = string.IsNullOrEmpty(_script) ? null : _script,
        };
    }

    private static string Show(string text) => Terminal.Text.Show(text, 40);

    private XenDriverDomainException Twice(string key) => Malformed($"'{key}' is given twice");

    private XenDriverDomainException Malformed(string why) => new(
        ErrorIds.DiskSpecMalformed,
        ErrorKind.InvalidArgument,
        $"'{Terminal.Text.Show(_text)}' is not a disk specification: {why}.",
        "Write it as in xl-disk-configuration(5), for example format=raw,vdev=xvda,access=rw,target=/dev/vg/guest.",
        _text);
}
