using Billing.Doctor;
using Billing.Tests.Setup;
using Billing.Tests.World;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Billing.Tests.Doctor;

/// <summary>A service that is set up as the documents say: nothing is wrong with it until a test sees to that.</summary>
internal sealed class DoctorWorld : IAsyncDisposable
{
    private readonly StripeSandbox.SandboxHost _sandbox;
    private readonly BillingFixture _databases;

    private DoctorWorld(StripeSandbox.SandboxHost sandbox, StripeAccount account, BillingFixture databases, string owner) =>
        (_sandbox, Account, _databases, Owner) = (sandbox, account, databases, owner);

    public StripeAccount Account { get; }

    /// <summary>The connection string of the schema's owner.</summary>
    public string Owner { get; }

    /// <summary>The role that the service runs under.</summary>
    public string Role { get; } = "checked_" + Guid.NewGuid().ToString("N")[..12];

    public Dictionary<string, string?> Settings { get; private set; } = [];

    public string Environment { get; set; } = "Staging";

    /// <summary>The clock of the machine that checks; the sandbox's unless a test sets another.</summary>
    public TimeProvider? Clock { get; set; }

    public static async Task<DoctorWorld> StartAsync(BillingFixture databases, AccountsFixture accounts)
    {
        var world = new DoctorWorld(accounts.Sandbox, accounts.NewAccount(), databases, await databases.LendDatabaseAsync());
        await world.ExecuteAsync($"CREATE ROLE {world.Role} LOGIN PASSWORD 'x'");
        await world.ExecuteAsync(Repository.Block("docs/migrations.md", "grants").Replace("billing_runtime", world.Role));
        await world.Account.SetUpAsync();
        var portal = Assert.Single((await new Stripe.BillingPortal.ConfigurationService(world.Account.Stripe).ListAsync()).Data);
        world.Settings = TestConfiguration.Create(
            new NpgsqlConnectionStringBuilder(world.Owner) { Username = world.Role, Password = "x" }.ConnectionString, accounts.Sandbox.Url, "whsec_of_the_endpoint");
        world.Settings.Remove("Stripe:WebhookSecrets:1");
        world.Settings["Stripe:ApiKey"] = world.Account.Key;
        world.Settings["Stripe:PortalConfiguration"] = portal.Id;
        world.Settings["Stripe:WebhookUrl"] = StripeAccount.WebhookUrl;
        return world;
    }

    public async Task<IReadOnlyList<Finding>> FindAsync()
    {
        await using var host = Build();
        return await host.Services.GetRequiredService<Checkup>().RunAsync(CancellationToken.None);
    }

    /// <summary>The host as it is configured now; not started.</summary>
    public WebApplication Build(Action<IServiceCollection>? configure = null)
    {
        var builder = BillingApp.CreateBuilder(["--urls", "http://127.0.0.1:0"], Environment);
        builder.Configuration.AddInMemoryCollection(Settings);
        builder.Services.AddSingleton(Clock ?? _sandbox.Clock);
        configure?.Invoke(builder.Services);
        return BillingApp.Build(builder);
    }

    /// <summary>As the schema's owner.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var db = BillingFixture.OpenDb(Owner);
        await db.Database.ExecuteSqlRawAsync(sql);
    }

    /// <summary>Roles are of the whole server, which may be a lasting one.</summary>
    public async ValueTask DisposeAsync()
    {
        await using (var pooled = new NpgsqlConnection(Settings["ConnectionStrings:Billing"]))
        {
            NpgsqlConnection.ClearPool(pooled);
        }
        await ExecuteAsync($"DROP OWNED BY {Role}");
        await ExecuteAsync($"DROP ROLE {Role}");
        await _databases.GiveBackAsync(Owner);
    }
}
