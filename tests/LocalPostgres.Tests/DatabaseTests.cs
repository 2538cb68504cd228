using Npgsql;
using static LocalPostgres.Tests.Testing;

namespace LocalPostgres.Tests;

public sealed class DatabaseTests(SharedServer shared)
{
    private readonly PostgresServer _server = shared.Server;

    [Theory]
    [InlineData("plain")]
    [InlineData("Quote\" and 'quote'; DROP")]
    [InlineData("données")]
    public async Task Database_CreatedThenDropped_ExistsInBetween(string name)
    {
        Assert.False(await _server.DatabaseExistsAsync(name, Ct));

        await _server.CreateDatabaseAsync(name, ct: Ct);
        Assert.True(await _server.DatabaseExistsAsync(name, Ct));
        Assert.Equal(name, await _server.ScalarAsync<string>("SELECT current_database()::text", name));

        await _server.DropDatabaseAsync(name, Ct);
        Assert.False(await _server.DatabaseExistsAsync(name, Ct));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nul\0")]
    [InlineData("sixty-four-bytes-are-one-more-than-the-_server-would-keep-of-them")]
    public async Task Database_NameThatTheServerWouldNotKeep_IsRefused(string name) =>
        await Assert.ThrowsAsync<ArgumentException>(() => _server.CreateDatabaseAsync(name, ct: Ct));

    [Fact]
    public async Task Database_CreatedTwice_FailsWithDuplicateDatabase()
    {
        await _server.CreateDatabaseAsync("twice", ct: Ct);

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => _server.CreateDatabaseAsync("twice", ct: Ct));

        Assert.Equal(PostgresErrorCodes.DuplicateDatabase, refusal.SqlState);
    }

    [Fact]
    public async Task Database_FromTemplateWithPooledConnections_HasItsRows()
    {
        await _server.CreateDatabaseAsync("template", ct: Ct);
        await using (var pooled = new NpgsqlConnection(_server.ConnectionString("template")))
        {
            await pooled.OpenAsync(Ct);
            await using var fill = new NpgsqlCommand("CREATE TABLE kept AS SELECT 42 AS answer", pooled);
            await fill.ExecuteNonQueryAsync(Ct);
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => _server.CreateDatabaseAsync($"copy{i}", "template", Ct)));

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(42, await _server.ScalarAsync<int>("SELECT answer FROM kept", $"copy{i}"));
        }
    }

    [Fact]
    public async Task Database_DroppedWhileInUse_EndsItsSessions()
    {
        await _server.CreateDatabaseAsync("in_use", ct: Ct);
        await using var session = new NpgsqlConnection(_server.ConnectionString("in_use"));
        await session.OpenAsync(Ct);

        await _server.DropDatabaseAsync("in_use", Ct);

        Assert.False(await _server.DatabaseExistsAsync("in_use", Ct));
    }

    [Fact]
    public async Task Database_DroppedThoughMissing_IsFine() => await _server.DropDatabaseAsync("never was", Ct);
}
