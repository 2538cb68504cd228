using Billing.Persistence;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Billing.Tests;

/// <summary>The connections to the database: how many there are, and that however many use them, all are there again afterwards.</summary>
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

        (await HoldAllAsync(world)).ForEach(context => context.Dispose()); // all at the same time, which none that is lost could be
    }

    /// <summary>A busy host that was taken out would leave its load to the others, and they would follow.</summary>
    [Fact]
    public async Task Host_AllOfWhoseConnectionsAreInUse_IsReady()
    {
        var database = new NpgsqlConnectionStringBuilder(await fixture.CreateDatabaseAsync()) { MaxPoolSize = Connections };
        await using var world = await BillingWorld.StartAsync(database.ConnectionString, deliver: false);
        var held = await HoldAllAsync(world);

        var ready = await world.SendAsync(HttpMethod.Get, "/health/ready");

        Assert.Equal((200, "ready"), (ready.Status, ready["status"]));
        held.ForEach(context => context.Dispose());
    }

    [Theory]
    [InlineData("", 28, 200, true)]
    [InlineData(";Maximum Pool Size=7;Max Auto Prepare=0;No Reset On Close=false", 7, 0, false)]
    [InlineData(";MaxPoolSize=7;MaxAutoPrepare=0;NoResetOnClose=false", 7, 0, false)]
    public void Setting_OfTheConnectionString_ByAnyOfItsNames_IsKept(string given, int pool, int prepared, bool noReset)
    {
        var options = new DatabaseOptions { Billing = "Host=db;Database=billing" + given };

        var used = new NpgsqlConnectionStringBuilder(options.ConnectionString);

        Assert.Equal((pool, prepared, noReset), (used.MaxPoolSize, used.MaxAutoPrepare, used.NoResetOnClose));
    }

    /// <summary>Npgsql refuses it when the pool is first used, and the host would be ready and answer nothing.</summary>
    [Fact]
    public void MinimumOfThePool_OverItsMaximum_IsRefusedAtTheStart()
    {
        var options = new DatabaseOptions { Billing = "Host=db;Database=billing;Minimum Pool Size=40" };

        var refused = new DatabaseOptions.Validator().Validate(null, options);

        Assert.Contains("Minimum Pool Size", refused.FailureMessage);
    }

    private static async Task<List<BillingDb>> HoldAllAsync(BillingWorld world)
    {
        var contexts = new List<BillingDb>();
        for (var i = 0; i < Connections; i++)
        {
            contexts.Add(await world.Service<IDbContextFactory<BillingDb>>().CreateDbContextAsync());
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            await contexts[^1].Database.OpenConnectionAsync(patience.Token);
        }
        return contexts;
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
