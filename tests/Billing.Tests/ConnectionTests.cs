using Billing.Persistence;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Billing.Tests;

/// <summary>However many use the database at once, afterwards all connections are there again: they ran out for good once.</summary>
public sealed class ConnectionTests(BillingFixture fixture)
{
    private const int Connections = 4;

    [Fact]
    public async Task Connections_UsedByMoreCallersThanThereAreContexts_AreAllGivenBack()
    {
        var database = new NpgsqlConnectionStringBuilder(await fixture.CreateDatabaseAsync()) { MaxPoolSize = Connections, Timeout = 60 };
        await using var world = await BillingWorld.StartAsync(database.ConnectionString, deliver: false);
        var databases = world.Service<IDbContextFactory<BillingDb>>();

        await Task.WhenAll(Enumerable.Range(0, 3 * BillingDatabase.Most).Select(_ => AskAsync(databases)));

        // All at the same time, which none that is lost could be.
        var contexts = new List<BillingDb>();
        for (var i = 0; i < Connections; i++)
        {
            contexts.Add(await databases.CreateDbContextAsync());
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            await contexts[^1].Database.OpenConnectionAsync(patience.Token);
        }
        foreach (var context in contexts)
        {
            await context.DisposeAsync();
        }
    }

    /// <summary>As what needs no model does.</summary>
    private static async Task AskAsync(IDbContextFactory<BillingDb> databases)
    {
        foreach (var number in Enumerable.Range(0, 3)) // as it took a context that was given back before
        {
            await using var db = await databases.CreateDbContextAsync();
            await db.Database.OpenConnectionAsync();
            await using var query = new NpgsqlCommand($"SELECT {number}", (NpgsqlConnection)db.Database.GetDbConnection());
            Assert.Equal(number, await query.ExecuteScalarAsync());
        }
    }
}
