using XenDriverDomain.Xm.Running;

namespace XenDriverDomain.Xm.Library;

/// <summary>What reaches outside the file, and why each is not run.</summary>
internal static class XmRefusals
{
    /// <summary>The refusal of a name: a built-in function, a module, or a module's member such as <c>os.environ</c>.</summary>
    public static XmRefusal Of(string name) => Why(name) is string why
        ? new XmRefusal(
            XmFault.AccessRefused,
            $"'{name}' is refused: {why}, and a configuration is read here without touching anything",
            "Write the value itself into the file, or pass it as a variable and delete this line.")
        : XmRefusal.Unsupported($"'{name}'");

    /// <summary>True for a built-in function that is refused with an explanation.</summary>
    public static bool IsRefusedFunction(string name) => name is "open" or "file" or "input" or "raw_input" or "eval" or "execfile"
        or "compile" or "__import__" or "globals" or "locals" or "vars" or "dir" or "getattr" or "setattr" or "hasattr" or "delattr"
        or "reload" or "exit" or "quit" or "id" or "hash";

    private static string? Why(string name) => name switch
    {
        "open" or "file" => "it opens files of the host",
        "input" or "raw_input" => "it asks the person at the terminal",
        "eval" or "execfile" or "compile" or "reload" or "__import__" => "it runs other code",
        "os.environ" or "os.getenv" or "os.putenv" => "it depends on the environment of whoever starts it",
        "os.popen" or "os.system" or "os.popen2" or "os.popen3" or "commands" or "subprocess" or "popen2" or "pexpect" or "pty"
            => "it runs programs on the host",
        "os.uname" or "platform" => "it asks for the machine it runs on, which is not known here",
        "os.getcwd" or "os.listdir" or "os.stat" or "os.walk" or "os.readlink" or "os.access" or "glob" or "tempfile" or "shutil"
            or "os.path.exists" or "os.path.isfile" or "os.path.isdir" or "os.path.islink" or "os.path.getsize" or "os.path.realpath"
            or "os.path.abspath" or "os.path.expanduser" or "os.path.expandvars" or "stat"
            => "it looks at the host's file system",
        "os.getpid" or "os.getuid" or "os.getlogin" or "pwd" or "grp" => "it asks for the process and its user",
        "socket" or "urllib" or "urllib2" or "httplib" or "xmlrpclib" or "ftplib" or "telnetlib" or "smtplib"
            or "xen.util.ip" => "it uses the network",
        "random" or "uuid" => "it gives another value each time",
        "time" or "datetime" or "calendar" => "it depends on the time of day",
        "sys.argv" or "sys.stdin" or "sys.path" or "sys.modules" => "it depends on how the program was started",
        "ctypes" or "threading" or "thread" or "signal" or "fcntl" or "mmap" or "select" or "imp" => "it reaches into the system",
        "pickle" or "cPickle" or "marshal" or "shelve" or "ConfigParser" or "csv" or "sqlite3" => "it reads other files",
        _ when name.StartsWith("xen.", StringComparison.Ordinal) || name == "xen" => "it needs xend's own Python modules",
        _ => null,
    };
}
