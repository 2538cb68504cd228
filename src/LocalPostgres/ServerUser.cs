using System.ComponentModel;
using System.Diagnostics;

namespace LocalPostgres;

/// <summary>Whom the server runs as: ourselves, or <c>nobody</c> when we are root, which PostgreSQL refuses.</summary>
internal sealed class ServerUser
{
    private const string Unprivileged = "nobody";

    private ServerUser(bool switched) => IsSwitched = switched;

    public static ServerUser Current { get; } = new(Environment.IsPrivilegedProcess);

    /// <summary>Whether the server runs as somebody else, who may lack access to what we can reach.</summary>
    public bool IsSwitched { get; }

    public string Name => IsSwitched ? Unprivileged : Environment.UserName;

    /// <summary>A command to be run as this user, free of PostgreSQL variables that would change what it does.</summary>
    public ProcessStartInfo Command(string file, params IEnumerable<string> arguments)
    {
        // PostgreSQL's programs give up when they cannot read the current folder.
        var start = new ProcessStartInfo(file, arguments) { WorkingDirectory = "/" };
        foreach (var name in start.Environment.Keys.Where(n => n.StartsWith("PG", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }
        // Messages are searched for known errors: keep them in English.
        start.Environment["LC_ALL"] = "C";
        if (IsSwitched)
        {
            start.UserName = Unprivileged;
        }

        return start;
    }

    /// <summary>Asks <c>test</c>, as this user: <c>-x</c> for a folder that can be entered or a program, <c>-w</c>, <c>-r</c>.</summary>
    public async Task<bool> CanAsync(string test, string path, CancellationToken ct)
    {
        try
        {
            return (await Subprocess.RunAsync(Command("/bin/sh", "-c", """test "$1" "$2" """, "sh", test, path), ct)).ExitCode == 0;
        }
        catch (Win32Exception e) when (IsSwitched)
        {
            throw new LocalPostgresException(
                $"PostgreSQL does not run as root, and switching to the user '{Unprivileged}' failed: {e.Message} "
                + $"Run as an ordinary user, or set {PostgresOptions.ConnectionStringVariable}.", e);
        }
    }

    /// <summary>
    /// The one path of a folder that several may lead to through links: a server is recognised by the path it was
    /// started with.
    /// </summary>
    public static async Task<string> RealPathAsync(string folder, CancellationToken ct)
    {
        var pwd = await Subprocess.RunAsync(new ProcessStartInfo("/bin/sh", ["-c", """cd -- "$1" && pwd -P""", "sh", folder]), ct);
        return pwd.ExitCode == 0 ? pwd.Output : throw new LocalPostgresException($"The folder {folder} cannot be entered: {pwd.Output}");
    }

    /// <summary>Makes a folder this user's own, closed to everybody else.</summary>
    public async Task TakeOverAsync(string folder, CancellationToken ct)
    {
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (!IsSwitched)
        {
            return;
        }

        var chown = await Subprocess.RunAsync(new ProcessStartInfo("chown", [Unprivileged, folder]), ct);
        if (chown.ExitCode != 0)
        {
            throw new LocalPostgresException($"The folder {folder} cannot be given to the user '{Unprivileged}': {chown.Output}");
        }
    }
}
