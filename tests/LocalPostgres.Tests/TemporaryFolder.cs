using System.Diagnostics;

namespace LocalPostgres.Tests;

/// <summary>An empty folder that every user may enter, removed with all that is in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("local-postgres-tests-");

    public TemporaryFolder(UnixFileMode everybodyElse = UnixFileMode.OtherExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite) =>
        File.SetUnixFileMode(_folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | everybodyElse);

    public string Path => _folder.FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>A program that does what a shell script says.</summary>
    public string Program(string name, string script = "")
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        // Written by another process: one that we started while we had it open for writing would make it "busy".
        using var write = Process.Start("/bin/sh", ["-c", """printf '#!/bin/sh\n%s\n' "$2" >"$1" && chmod 755 "$1" """, "sh", this[name], script]);
        write.WaitForExit();
        return this[name];
    }

    /// <summary>A folder with programs called like PostgreSQL's, which tell a version.</summary>
    public string Binaries(string name, string version = "15.18")
    {
        foreach (var program in (string[])["initdb", "pg_ctl", "postgres"])
        {
            Program(System.IO.Path.Combine(name, program), $"echo 'postgres (PostgreSQL) {version}'");
        }

        return this[name];
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
