using System.Diagnostics;
using System.Net.Sockets;
using XenDriverDomain.Access.Local;
using XenDriverDomain.Access.Ssh;

namespace XenDriverDomain.Tests.Access;

/// <summary>Where the sockets of a connection are, and what becomes of those that killed processes left.</summary>
public sealed class PrivateDirectoryTests : IDisposable
{
    private readonly string _place = Directory.CreateTempSubdirectory("pd-").FullName;

    public void Dispose() => Directory.Delete(_place, recursive: true);

    [Fact]
    public void It_is_only_for_this_user_and_goes_with_what_is_in_it()
    {
        PrivateDirectory directory = PrivateDirectory.Create([_place]);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory.FullPath));
        using Socket socket = Listen($"{directory.FullPath}/x");

        directory.Dispose();

        Assert.Empty(Directory.GetFileSystemEntries(_place));
    }

    [Fact]
    public void The_directories_of_the_living_stay()
    {
        using PrivateDirectory first = PrivateDirectory.Create([_place]);
        using Socket socket = Listen($"{first.FullPath}/x");

        using PrivateDirectory second = PrivateDirectory.Create([_place]);

        Assert.True(File.Exists($"{first.FullPath}/x"));
    }

    [Fact]
    public void What_a_killed_process_left_is_taken_away_in_every_place()
    {
        string left = Make("xdd-0123456789abcdef");
        using Socket socket = Listen($"{left}/x");
        using Socket other = Listen($"{left}/c");
        using PrivateDirectory elsewhere = PrivateDirectory.Create([Make("better"), _place]);

        Assert.False(Directory.Exists(left));
    }

    [Fact]
    public void What_an_earlier_version_left_is_taken_away_when_it_is_old_and_its_ssh_is_gone()
    {
        string old = Make("xdd-0123456789ab"), young = Make("xdd-0123456789ac"), used = Make("xdd-0123456789ad");
        using (Listen($"{old}/c"))
        {
            // A socket in which nobody listens any more.
        }

        using Socket master = Listen($"{used}/c");
        foreach (string path in (string[])[old, used])
        {
            Directory.SetLastWriteTimeUtc(path, DateTime.UtcNow - TimeSpan.FromHours(2));
        }

        using PrivateDirectory next = PrivateDirectory.Create([_place]);

        Assert.False(Directory.Exists(old));
        Assert.True(Directory.Exists(young));
        Assert.True(File.Exists($"{used}/c"));
    }

    [Fact]
    public void Links_and_whatever_else_has_such_a_name_stay_with_what_they_lead_to()
    {
        string target = Make("target");
        File.WriteAllText($"{target}/file", "");
        File.CreateSymbolicLink($"{_place}/xdd-0123456789abcde0", target);
        File.WriteAllText($"{_place}/xdd-0123456789abcde1", "");
        string open = Make("xdd-0123456789abcde2");
        File.SetUnixFileMode(open, (UnixFileMode)0x1ED);
        string named = Make("xdd-package-1234");
        string full = Make("xdd-0123456789abcde3");
        Directory.CreateDirectory($"{full}/folder");

        using PrivateDirectory next = PrivateDirectory.Create([_place]);

        Assert.True(File.Exists($"{target}/file"));
        Assert.True(File.Exists($"{_place}/xdd-0123456789abcde1"));
        Assert.True(Directory.Exists(open));
        Assert.True(Directory.Exists(named));
        Assert.True(Directory.Exists($"{full}/folder"));
    }

    [Fact]
    public void What_is_another_users_stays()
    {
        string left = Make("xdd-0123456789abcdef");
        if (!GiveAway(left))
        {
            return;
        }

        using PrivateDirectory next = PrivateDirectory.Create([_place]);

        Assert.True(Directory.Exists(left));
    }

    [Fact]
    public void The_users_own_directory_for_sockets_is_taken_when_it_is_his_and_closed_to_others()
    {
        string own = Make("run");

        Assert.Equal([own, "/tmp"], Find(own, null));
        File.SetUnixFileMode(own, (UnixFileMode)0x1ED);
        Assert.Equal(["/tmp"], Find(own, null));
    }

    [Fact]
    public void The_directories_of_another_user_are_not_taken_whatever_the_environment_says()
    {
        string others = Make("run");
        if (!GiveAway(others))
        {
            others = "/usr";
        }

        Assert.Equal(["/tmp"], Find(others, null));
        Assert.Equal(others == "/usr" ? ["/usr", "/tmp"] : ["/tmp"], Find(null, others));
    }

    [Fact]
    public void A_directory_that_another_user_could_exchange_is_not_taken()
    {
        string above = Make("above"), own = Make("above/run");
        Assert.Equal([own, own, "/tmp"], Find(own, own));

        File.SetUnixFileMode(above, (UnixFileMode)0x1FF);

        Assert.Equal(["/tmp"], Find(own, own));
    }

    [Theory]
    [InlineData("run/user")]
    [InlineData("/nowhere/at/all")]
    [InlineData("")]
    [InlineData("%t")]
    public void What_is_no_directory_is_not_taken(string path) => Assert.Equal(["/tmp"], Find(path, path));

    [Fact]
    public void A_path_that_ssh_would_divide_or_that_leaves_no_room_is_not_taken()
    {
        foreach (string name in (string[])["a b", "a:b", "a%h", new string('a', 60)])
        {
            Assert.Equal(["/tmp"], Find(Make(name), Make(name)));
        }
    }

    private static List<string> Find(string? runtime, string? temporary) =>
        PlacesForSockets.Find(name => name switch { "XDG_RUNTIME_DIR" => runtime, "TMPDIR" => temporary, _ => null });

    private static Socket Listen(string path)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen();
        return socket;
    }

    private string Make(string name)
    {
        string path = $"{_place}/{name}";
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, (UnixFileMode)0x1C0);
        return path;
    }

    private static bool GiveAway(string path)
    {
        // Only root can.
        using Process chown = Process.Start(new ProcessStartInfo(Needs.Find("chown"), ["65534", path]) { RedirectStandardError = true })!;
        chown.WaitForExit();
        return chown.ExitCode == 0;
    }
}
