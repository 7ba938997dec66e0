using System.Diagnostics;
using System.Text;
using XenDriverDomain.Images;
using XenDriverDomain.Tests.Access;

namespace XenDriverDomain.Tests.Images;

/// <summary>
/// The functions of the inside's init in a shell, on folders that look like the kernel's, with programs that only write down what they
/// were asked.
/// </summary>
internal sealed class InsideShell : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("xdd-inside-");
    private readonly string[] _shell;

    /// <summary>Begins with a kernel that is up for ten seconds, and a domain without cards.</summary>
    /// <param name="shell">The shell with its arguments.</param>
    public InsideShell(string shell)
    {
        _shell = shell.Split(' ');
        string? missing = Needs.WhatIsMissing(_shell[0]);
        Assert.SkipWhen(missing is not null, missing ?? string.Empty);
        foreach (string path in Files)
        {
            Write(path, Encoding.UTF8.GetString(InsideFiles.ContentOf(path)));
        }

        Write("proc/uptime", "10.25 8.00\n");
        Write("proc/cmdline", "console=hvc0\n");
        Write("etc/image", "id=6.1.0-57-amd64-0123456789ab\nrole=network\nxen=4.17.3\nmade-by=0.4.0\n");
        foreach (string folder in (string[])["run", "log", "sys/bus/pci/devices", "sys/bus/pci/drivers", "sys/class/net", "sys/module"])
        {
            Directory.CreateDirectory(At(folder));
        }

        foreach (string program in (string[])["ip", "insmod", "xenstore-write", "xenstore-rm", "nft", "udhcpc", "xl"])
        {
            Program(program, string.Empty);
        }
    }

    /// <summary>The shells that an inside may have.</summary>
    public static TheoryData<string> Shells => ["dash", "bash --posix", "busybox sh"];

    /// <summary>Our own files of the inside.</summary>
    public static string[] Files => [InsideFiles.Init, InsideFiles.PowerOff, InsideFiles.Dhcp, InsideFiles.IfConfig];

    /// <summary>The last error that the domain would report; null: none.</summary>
    public string? Error => File.Exists(At("run/error")) ? File.ReadAllText(At("run/error")).TrimEnd('\n') : null;

    public void Dispose() => _folder.Delete(recursive: true);

    public string At(string name) => Path.Combine(_folder.FullName, name.TrimStart('/'));

    public void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
    }

    /// <summary>A program that writes down its arguments and then does this.</summary>
    public void Program(string name, string script)
    {
        Write($"bin/{name}", $"#!/bin/sh\necho \"{name} $*\" >>\"{At("asked")}\"\n{script}\n");
        File.SetUnixFileMode(At($"bin/{name}"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>A network card with its driver and its interface.</summary>
    public void Card(string address, string interfaceName, string driver = "e1000e", string mac = "52:54:00:00:10:00", string carrier = "1")
    {
        PciDevice(address, "0x020000", "0x8086", "0x10d3");
        Write($"sys/bus/pci/drivers/{driver}/{address}/there", string.Empty);
        Write($"sys/bus/pci/devices/{address}/driver/there", string.Empty);
        Write($"sys/bus/pci/devices/{address}/net/{interfaceName}/address", mac + "\n");
        Write($"sys/class/net/{interfaceName}/carrier", carrier + "\n");
    }

    public void PciDevice(string address, string type, string vendor, string device)
    {
        Write($"sys/bus/pci/devices/{address}/class", type + "\n");
        Write($"sys/bus/pci/devices/{address}/vendor", vendor + "\n");
        Write($"sys/bus/pci/devices/{address}/device", device + "\n");
    }

    /// <summary>Does what the init does up to its network, runs some of its functions, and gives what they print.</summary>
    public string Run(string script, string commandLine = "")
    {
        Write("proc/cmdline", $"console=hvc0 {commandLine}\n");
        return Execute(
            "-c",
            $"""
            . "{At("init")}"
            PATH="{At("bin")}:$PATH"
            sys="{At("sys")}" proc="{At("proc")}" etc="{At("etc")}" run="{At("run")}" log="{At("log")}"
            kernel=6.1.0-57-amd64 state=running
            connected='' addressed='' dhcp='' masqueraded='' reported='' cards='' told='' missed='' due=30 beat=0 trimmed=0
            read_image
            read_parameters
            {script}
            """);
    }

    /// <summary>Runs this shell; what it says beside its output is an error of the test.</summary>
    public string Execute(params string[] arguments)
    {
        ProcessStartInfo start = new(Needs.Find(_shell[0]), [.. _shell[1..], .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(string.Empty, errors.Result);
        return output;
    }

    /// <summary>What the programs were asked since the last time.</summary>
    public string[] Asked()
    {
        string[] asked = File.Exists(At("asked")) ? File.ReadAllLines(At("asked")) : [];
        File.Delete(At("asked"));
        return asked;
    }

    /// <summary>The nodes of the one report that was written since the last time.</summary>
    public Dictionary<string, string> Report(string[] asked)
    {
        string[] words = Assert.Single(asked, line => line.StartsWith("xenstore-write", StringComparison.Ordinal))
            .Replace("  ", " - ", StringComparison.Ordinal).Split(' ')[1..];
        return words.Chunk(2).ToDictionary(pair => pair[0]["data/driver-domain/".Length..], pair => pair[1], StringComparer.Ordinal);
    }
}
