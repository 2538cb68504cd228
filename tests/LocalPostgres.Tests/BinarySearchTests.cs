using static LocalPostgres.Tests.Testing;

namespace LocalPostgres.Tests;

public sealed class BinarySearchTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task NamedFolder_WinsOverEverything()
    {
        var named = _temporary.Binaries("named");

        Assert.Equal(named, await FindAsync(Search(named: named, path: _temporary.Binaries("path"))));
    }

    [Fact]
    public async Task NamedFolder_WithoutThePrograms_IsAnErrorNotAFallback()
    {
        var failure = await FailAsync(Search(named: _temporary.Path, path: _temporary.Binaries("path")));

        Assert.Contains($"BILLING_PG_BIN names {_temporary.Path}", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Path_WithALinkToInitdb_LeadsToTheFolderOfItsTarget()
    {
        var real = _temporary.Binaries("real");
        Directory.CreateDirectory(_temporary["path"]);
        File.CreateSymbolicLink(_temporary["path/initdb"], Path.Combine(real, "initdb"));

        Assert.Equal(real, await FindAsync(Search(path: $"/nowhere:{_temporary["path"]}")));
    }

    [Fact]
    public async Task Path_WinsOverTheSystem_WhoseHighestVersionWins()
    {
        var path = _temporary.Binaries("path");
        foreach (var version in (string[])["9.6", "15", "16"])
        {
            _temporary.Binaries($"system/{version}/bin");
        }

        Directory.CreateDirectory(_temporary["system/17/bin"]);

        Assert.Equal(path, await FindAsync(Search(path: path)));
        Assert.Equal(_temporary["system/16/bin"], await FindAsync(Search()));
    }

    [Fact]
    public async Task ExistingData_PicksTheVersionThatItNeeds()
    {
        _temporary.Binaries("system/15/bin", "15.18");
        _temporary.Binaries("system/17/bin", "17rc1");

        Assert.Equal(_temporary["system/15/bin"], await FindAsync(Search(), major: 15));
        var failure = await FailAsync(Search(), major: 16);
        Assert.Contains("made by PostgreSQL 16, which is not here. Install postgresql-16", failure, StringComparison.Ordinal);
        Assert.Contains("17/bin: PostgreSQL 17", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_ThatTheServersUserMayNotRun_ArePassedOver()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only under root does the server run as another user.");
        using var hidden = new TemporaryFolder(everybodyElse: UnixFileMode.None);
        var unreachable = hidden.Binaries("bin");

        Assert.Equal(_temporary.Binaries("system/15/bin"), await FindAsync(Search(path: unreachable)));
        Assert.Contains("may not run", await FailAsync(Search(named: unreachable)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_NamesEveryWayOut()
    {
        var failure = await FailAsync(Search());

        Assert.Contains("apt-get install postgresql", failure, StringComparison.Ordinal);
        Assert.Contains("set BILLING_PG_BIN to", failure, StringComparison.Ordinal);
        Assert.Contains("set BILLING_PG to the connection string", failure, StringComparison.Ordinal);
        Assert.Contains("install npm", failure, StringComparison.Ordinal);
        Assert.Contains("npm: it is not installed", failure, StringComparison.Ordinal);
    }

    private BinarySearch Search(string? named = null, string path = "") =>
        new(named, path, _temporary["system"], new(_temporary["cache"], _temporary["no-npm"], "linux-x64"));

    private static async Task<string> FindAsync(BinarySearch search, int? major = null) =>
        (await search.FindAsync(major, ServerUser.Current, Ct)).Folder;

    private static async Task<string> FailAsync(BinarySearch search, int? major = null) =>
        (await Assert.ThrowsAsync<LocalPostgresException>(() => search.FindAsync(major, ServerUser.Current, Ct))).Message;
}
