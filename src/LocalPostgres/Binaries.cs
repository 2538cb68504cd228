namespace LocalPostgres;

/// <summary>A folder that holds the programs of one PostgreSQL version.</summary>
internal sealed record Binaries(string Folder)
{
    private static readonly string[] Programs = ["initdb", "pg_ctl", "postgres"];

    public static Binaries? In(string folder) =>
        Programs.All(program => File.Exists(Path.Combine(folder, program))) ? new(folder) : null;

    public async Task<int> MajorAsync(ServerUser user, CancellationToken ct)
    {
        // "postgres (PostgreSQL) 15.18 (Debian ...)", "17rc1" before a release.
        var answer = await Subprocess.RunAsync(user.Command(Path.Combine(Folder, "postgres"), "--version"), ct);
        var version = answer.Output.Split(' ').FirstOrDefault(word => word.Length > 0 && char.IsAsciiDigit(word[0])) ?? "";
        return int.TryParse(string.Concat(version.TakeWhile(char.IsAsciiDigit)), out var major)
            ? major
            : throw new LocalPostgresException($"{Folder}/postgres does not run: {answer.Output}");
    }
}
