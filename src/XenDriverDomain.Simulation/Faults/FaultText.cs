using System.Globalization;
using XenDriverDomain.Access;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Errors;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Simulation.Faults;

/// <summary>
/// Reads the text form of a fault. Paths and arguments may have colons in them, so the fixed parts are taken from both ends.
/// </summary>
internal static class FaultText
{
    public const string NoPciback = "no-pciback";
    public const string NoIommu = "no-iommu";

    private const string Forms =
        "write:PATH[:N]:ERRNO, PROGRAM:ARGUMENTS[:N]:hang|fail[=CODE[ MESSAGE]]|die|lie, xenstore:drop:N, stale:ADDRESS:DOMID, "
        + "no-pciback, no-iommu";

    /// <summary>The part that says which of the matching occasions is meant.</summary>
    public static string Count(int? nth) => nth is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $":{nth}");

    /// <summary>Reads one fault.</summary>
    /// <exception cref="XenDriverDomainException">SimulationFaultMalformed.</exception>
    public static Fault Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        switch (text)
        {
            case NoPciback:
                return new NoPcibackFault();
            case NoIommu:
                return new NoIommuFault();
        }

        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
        {
            throw Malformed(text, $"it is none of {Forms}");
        }

        string rest = text[(colon + 1)..];
        return text[..colon] switch
        {
            "write" => Write(text, rest),
            "xenstore" => Store(text, rest),
            "stale" => Stale(text, rest),
            var program => Command(text, program, rest),
        };
    }

    private static WriteFault Write(string text, string rest)
    {
        (string head, string word) = CutLast(text, rest);
        if (!Enum.TryParse(word, out Errno errno) || errno == Errno.Unknown || !char.IsAsciiLetter(word[0]))
        {
            throw Malformed(text, $"'{Text.Show(word, 40)}' is no error number that a file can fail with, such as EBUSY, ENODEV or EINVAL");
        }

        int? nth = TakeCount(text, ref head);
        return head.StartsWith('/') || head.StartsWith('*')
            ? new WriteFault(head, nth, errno)
            : throw Malformed(text, "the path must begin with / or *");
    }

    private static CommandFault Command(string text, string program, string rest)
    {
        if (program.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or '*')))
        {
            throw Malformed(text, $"'{Text.Show(program, 40)}' is no program's name; the forms are {Forms}");
        }

        // A message may have colons in it; no argument of a program that is run here has ":fail=" in it.
        int failure = rest.IndexOf(":fail", StringComparison.Ordinal);
        (string head, string action) = failure >= 0 ? (rest[..failure], rest[(failure + 1)..]) : CutLast(text, rest);
        int? nth = TakeCount(text, ref head);
        switch (action)
        {
            case "hang":
                return new CommandFault(program, head, nth, CommandFaultKind.Hang);
            case "die":
                return new CommandFault(program, head, nth, CommandFaultKind.Die);
            case "lie":
                return new CommandFault(program, head, nth, CommandFaultKind.Lie);
            case "fail":
                return new CommandFault(program, head, nth, CommandFaultKind.Fail);
        }

        const string WithCode = "fail=";
        if (!action.StartsWith(WithCode, StringComparison.Ordinal))
        {
            throw Malformed(
                text, $"'{Text.Show(action, 40)}' is not what befalls a program: hang, fail, fail=CODE, fail=CODE MESSAGE, die or lie");
        }

        string[] parts = action[WithCode.Length..].Split(' ', 2);
        return Number(parts[0], 255) is > 0 and { } code
            ? new CommandFault(program, head, nth, CommandFaultKind.Fail)
            {
                ExitCode = code,
                Message = parts.Length > 1 ? parts[1] : string.Empty,
            }
            : throw Malformed(text, "the exit code of a failure is a number from 1 to 255");
    }

    private static StoreDropFault Store(string text, string rest)
    {
        (string action, string number) = CutLast(text, rest);
        return action == "drop" && Number(number, int.MaxValue) is { } requests
            ? new StoreDropFault(requests)
            : throw Malformed(text, "xenstored can drop the connection after a number of requests: xenstore:drop:20");
    }

    private static StaleRecordFault Stale(string text, string rest)
    {
        (string address, string domid) = CutLast(text, rest);
        return PciAddress.TryParse(address, out PciAddress function)
            && Number(domid, XenDriverDomain.Domains.DomainRef.MaxDomid) is > 0 and { } number
            ? new StaleRecordFault(function, number)
            : throw Malformed(text, "a stale record names a PCI function and a domid above 0: stale:0000:03:00.0:7");
    }

    private static int? TakeCount(string text, ref string head)
    {
        int colon = head.LastIndexOf(':');
        string last = colon < 0 ? string.Empty : head[(colon + 1)..];
        if (last.Length == 0 || !last.All(char.IsAsciiDigit))
        {
            return null;
        }

        head = head[..colon];
        return Number(last, int.MaxValue) is > 0 and { } nth ? nth : throw Malformed(text, "occasions are counted from 1");
    }

    private static (string Head, string Last) CutLast(string text, string rest)
    {
        int colon = rest.LastIndexOf(':');
        return colon >= 0 && colon < rest.Length - 1
            ? (rest[..colon], rest[(colon + 1)..])
            : throw Malformed(text, $"a part is missing; the forms are {Forms}");
    }

    private static int? Number(string word, int most) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= most ? number : null;

    private static XenDriverDomainException Malformed(string text, string why) => new(
        SimulationErrorIds.SimulationFaultMalformed,
        ErrorKind.InvalidArgument,
        $"'{Text.Show(text, 200)}' is no fault that can be simulated: {why}.",
        "Write for example write:/sys/bus/pci/drivers/pciback/bind:1:EBUSY, xl:create:hang, xenstore:drop:20 or no-iommu.",
        text);
}
