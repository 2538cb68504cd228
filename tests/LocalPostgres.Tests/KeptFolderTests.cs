using static LocalPostgres.Tests.Testing;

namespace LocalPostgres.Tests;

public sealed class KeptFolderTests : IDisposable
{
    private const string Identity = "SELECT system_identifier FROM pg_control_system()";
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Folder_UsedAgain_KeepsItsCluster()
    {
        long first;
        await using (var server = await StartAsync(_temporary["deep/down/pg"], durable: true))
        {
            first = await server.ScalarAsync<long>(Identity);
            await server.CreateDatabaseAsync("kept", ct: Ct);
        }

        await using var again = await StartAsync(_temporary["deep/down/pg"], durable: true);
        Assert.Equal(first, await again.ScalarAsync<long>(Identity));
        Assert.True(await again.DatabaseExistsAsync("kept", Ct));
    }

    [Fact]
    public async Task Folder_OfAKilledProgram_RecoversAtTheNextStart()
    {
        var (program, held) = await ChildProgram.HoldAsync(_temporary["pg"]);
        using (program)
        {
            await ScalarAsync<int>(held.Connection!, "CREATE TABLE kept AS SELECT 1; SELECT 1");
            program.Kill();
            Kill(held.Postmaster);
        }

        await using var server = await StartAsync(_temporary["pg"]);
        Assert.Equal(1L, await server.ScalarAsync<long>("SELECT count(*) FROM kept"));
    }

    [Fact]
    public async Task Folder_TheServersUserCannotReach_BecomesALinkToOneItCan()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only under root does the server run as another user.");
        using var hidden = new TemporaryFolder(everybodyElse: UnixFileMode.None);
        string real;
        await using (var server = await StartAsync(hidden["pg"]))
        {
            real = server.DataDirectory!;
            await server.CreateDatabaseAsync("kept", ct: Ct);
        }

        try
        {
            Assert.Equal(real, new FileInfo(hidden["pg"]).LinkTarget);
            await using var again = await StartAsync(hidden["pg"]);
            Assert.True(await again.DatabaseExistsAsync("kept", Ct));
        }
        finally
        {
            Directory.Delete(real, recursive: true);
        }
    }
}
