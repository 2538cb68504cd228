using Billing.Doctor;
using Billing.Persistence;
using Billing.Tests.Setup;
using Billing.Tests.World;
using Stripe.BillingPortal;
using StripeSandbox.Faults;

namespace Billing.Tests.Doctor;

/// <summary>Nothing is found in a sound set-up; what is broken on purpose is found alone, with its fix.</summary>
public sealed class CheckupTests(BillingFixture databases, AccountsFixture accounts) : IClassFixture<AccountsFixture>, IAsyncLifetime
{
    private DoctorWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await DoctorWorld.StartAsync(databases, accounts);

    public async ValueTask DisposeAsync()
    {
        accounts.Sandbox.Faults.Clear();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task Checkup_OfASoundSetUp_FindsNothing() => Assert.Empty(await _world.FindAsync());

    [Theory]
    [InlineData("price_missing", "Billing:Plans:pro:Monthly:LookupKey", "nowhere", "'nowhere'", "portal_prices")]
    [InlineData("price_missing", "Billing:Plans:enterprise:Monthly:PriceId", "price_nowhere", "'price_nowhere'")]
    [InlineData("price_amount", "Billing:Plans:pro:Annual:Amount", "1", "charges 29000 and the catalog says 1 ")]
    [InlineData("price_currency", "Billing:Plans:pro:Annual:Currency", "eur", "is charged in usd and the catalog says eur")]
    [InlineData("webhook_secret", "Stripe:WebhookSecrets:0", "not-a-signing-secret", "Stripe:WebhookSecrets:0")]
    [InlineData("webhook_missing", "Stripe:WebhookUrl", "https://elsewhere.example.com/v1/billing/webhook", "https://elsewhere.example.com")]
    [InlineData("portal_missing", "Stripe:PortalConfiguration", "bpc_nowhere", "bpc_nowhere")]
    [InlineData("portal_missing", "Stripe:PortalConfiguration", null, "is not set")]
    [InlineData("signing_key_weak", "Billing:SigningKeys:0:Secret", "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=", "Billing:SigningKeys:0")]
    [InlineData("stripe_key_refused", "Stripe:ApiKey", "rk_live_revoked", "refuses", "mode_live")]
    [InlineData("stripe_unreachable", "Stripe:ApiBase", "http://127.0.0.1:1", "cannot be asked")]
    [InlineData("database_unreachable", "ConnectionStrings:Billing", "Host=127.0.0.1;Port=1;Database=billing", "cannot be used")]
    public async Task Setting_Wrong_IsFound(string code, string key, string? value, string named, string? besides = null)
    {
        _world.Settings[key] = value;
        if (key.StartsWith("Billing:Plans:enterprise", StringComparison.Ordinal))
        {
            (_world.Settings["Billing:Plans:enterprise:Monthly:Amount"], _world.Settings["Billing:Plans:enterprise:Monthly:Currency"]) = ("1", "usd");
        }

        AssertFound(code, named, await _world.FindAsync(), besides);
    }

    [Fact]
    public async Task Price_NamedByItsKeyAndByItsId_DoesNotBreakTheCheck()
    {
        var price = (await new Stripe.PriceService(_world.Account.Stripe).ListAsync(new Stripe.PriceListOptions { LookupKeys = ["pro_monthly"] })).Data.Single();
        _world.Settings["Billing:Plans:enterprise:Monthly:PriceId"] = price.Id;
        (_world.Settings["Billing:Plans:enterprise:Monthly:Amount"], _world.Settings["Billing:Plans:enterprise:Monthly:Currency"]) = ("2900", "usd");

        Assert.DoesNotContain(await _world.FindAsync(), finding => finding.Kind.Code == "price_missing");
    }

    [Theory]
    [InlineData("mode_test", "test key in production", "Stripe:ApiKey", null)]
    [InlineData("origin_local", "Billing:RedirectOrigins:1 is https://localhost:3000", "Billing:RedirectOrigins:1", "https://localhost:3000")]
    [InlineData("origin_local", "Billing:CorsOrigins:0 is https://127.0.0.1", "Billing:CorsOrigins:0", "https://127.0.0.1")]
    public async Task Setting_UnfitForProduction_IsFound(string code, string named, string key, string? value)
    {
        _world.Environment = "Production";
        _world.Settings[key] = value ?? _world.Settings[key];
        AssertFound(code, named, await _world.FindAsync(), code == "mode_test" ? null : "mode_test");
    }

    [Fact]
    public async Task Origin_WithoutTls_WhereMoneyIsPaid_IsFound()
    {
        (_world.Settings["Stripe:ApiKey"], _world.Settings["Billing:RedirectOrigins:1"]) = ("sk_live_refused_by_the_sandbox", "http://localhost:3000");
        AssertFound("origin_insecure", "http://localhost:3000", await _world.FindAsync(), "mode_live", "origin_local", "stripe_key_refused");
    }

    [Fact]
    public async Task SigningKey_Retired_IsFound()
    {
        _world.Settings["Billing:SigningKeys:1:Id"] = "old";
        _world.Settings["Billing:SigningKeys:1:Secret"] = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        AssertFound("signing_keys_retired", "holds 1 besides", await _world.FindAsync());
    }

    public static TheoryData<string, string> AtStripe => new()
    {
        { "price_inactive", "'pro_monthly' of plan pro monthly is archived" },
        { "price_interval", "every 3 month and the catalog says every month" },
        { "product_inactive", "of plan pro is archived" },
        { "webhook_disabled", "is disabled" },
        { "webhook_events", "does not send charge.dispute.closed, invoice.paid." },
        { "webhook_version", "API version 2025-03-31.basil" },
        { "webhook_twice", "2 enabled webhook endpoints" },
        { "webhook_secret_unseen", "interrupted" },
        { "portal_inactive", "is inactive" },
        { "portal_prices", "does not offer pro_annual, team_annual, team_monthly." },
        { "portal_terms", "subscription_update.proration_behavior" },
        { "stripe_key_permission", "may not read webhook endpoints" },
    };

    [Theory]
    [MemberData(nameof(AtStripe))]
    public async Task Stripe_SetUpWrongly_IsFound(string code, string named)
    {
        await using var refusals = await FaultyStripe.StartAsync(accounts.Sandbox.Url);
        refusals.Intercept = async call => call.Request.Path == "/v1/webhook_endpoints" && await FaultyStripe.AnswerAsync(call, 403, "invalid_request_error");
        await BreakAsync(code, refusals);
        AssertFound(code, named, await _world.FindAsync(), code == "price_interval" ? ["portal_prices", "portal_prices"] : []);
    }

    private async Task BreakAsync(string code, FaultyStripe refusals)
    {
        var stripe = _world.Account.Stripe;
        var (prices, endpoints, portals) = (new Stripe.PriceService(stripe), new Stripe.WebhookEndpointService(stripe), new ConfigurationService(stripe));
        var price = (await prices.ListAsync(new Stripe.PriceListOptions { LookupKeys = ["pro_monthly"] })).Data.Single();
        var (endpoint, portal) = ((await endpoints.ListAsync()).Data.Single(), (await portals.ListAsync()).Data.Single());
        var another = new Stripe.WebhookEndpointCreateOptions
        {
            Url = endpoint.Url,
            EnabledEvents = endpoint.EnabledEvents,
            ApiVersion = code == "webhook_version" ? "2025-03-31.basil" : endpoint.ApiVersion,
        };
        await (Task)(code switch
        {
            "price_inactive" => prices.UpdateAsync(price.Id, new Stripe.PriceUpdateOptions { Active = false }),
            "price_interval" => prices.CreateAsync(new Stripe.PriceCreateOptions
            {
                Product = price.ProductId,
                LookupKey = "pro_monthly",
                TransferLookupKey = true,
                UnitAmount = price.UnitAmount,
                Currency = price.Currency,
                Recurring = new Stripe.PriceRecurringOptions { Interval = "month", IntervalCount = 3 },
            }),
            "product_inactive" => new Stripe.ProductService(stripe).UpdateAsync(price.ProductId, new Stripe.ProductUpdateOptions { Active = false }),
            "webhook_disabled" => endpoints.UpdateAsync(endpoint.Id, new Stripe.WebhookEndpointUpdateOptions { Disabled = true }),
            "webhook_events" => endpoints.UpdateAsync(endpoint.Id, new Stripe.WebhookEndpointUpdateOptions
            {
                EnabledEvents = [.. endpoint.EnabledEvents.Except(["invoice.paid", "charge.dispute.closed"])],
            }),
            "webhook_version" => Task.WhenAll(endpoints.DeleteAsync(endpoint.Id), endpoints.CreateAsync(another)),
            "webhook_twice" => endpoints.CreateAsync(another),
            "webhook_secret_unseen" => endpoints.UpdateAsync(endpoint.Id, new Stripe.WebhookEndpointUpdateOptions
            {
                Metadata = new() { [Billing.Setup.Marks.Secret] = Billing.Setup.Marks.Pending },
            }),
            "portal_inactive" => portals.UpdateAsync(portal.Id, new ConfigurationUpdateOptions { Active = false }),
            "portal_prices" => portals.UpdateAsync(portal.Id, new ConfigurationUpdateOptions
            {
                Features = Billing.Setup.PortalTerms.Features([price]),
            }),
            "portal_terms" => portals.UpdateAsync(portal.Id, new ConfigurationUpdateOptions
            {
                Features = new() { SubscriptionUpdate = new() { ProrationBehavior = "none" } },
            }),
            _ => Task.Run(() => _world.Settings["Stripe:ApiBase"] = refusals.Settings["Stripe:ApiBase"]),
        });
    }

    [Theory]
    [InlineData(200, "clock_skew", "ahead of Stripe's")]
    [InlineData(-200, "clock_skew", "behind Stripe's")]
    [InlineData(30, "clock_drift", "ahead of Stripe's")]
    [InlineData(3, null, "")]
    public async Task Clock_OfTheMachineWrong_IsFound(int seconds, string? code, string named)
    {
        _world.Clock = new Ahead(accounts.Sandbox.Clock, TimeSpan.FromSeconds(seconds));
        if (code is null)
        {
            Assert.Empty(await _world.FindAsync());
            return;
        }
        AssertFound(code, named, await _world.FindAsync(), "database_clock"); // PostgreSQL's is right too
    }

    public static TheoryData<string, string, string> InTheDatabase => new()
    {
        { "database_migrations", "lacks 1 migrations", """DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" = (SELECT max("MigrationId") FROM "__EFMigrationsHistory")""" },
        { "database_grants", "may not use all tables", "REVOKE INSERT ON orgs FROM role_here" },
        { "database_grants", "may not read the schema", """REVOKE ALL ON "__EFMigrationsHistory" FROM role_here""" },
        { "database_superuser", "superuser", "ALTER ROLE role_here SUPERUSER" },
        { "database_role", "change or delete rows of audit, credit_entries.", "GRANT UPDATE ON audit TO role_here; GRANT DELETE ON credit_entries TO role_here" },
    };

    [Theory]
    [MemberData(nameof(InTheDatabase))]
    public async Task Database_SetUpWrongly_IsFound(string code, string named, string sql)
    {
        await _world.ExecuteAsync(sql.Replace("role_here", _world.Role));
        AssertFound(code, named, await _world.FindAsync());
    }

    [Fact]
    public async Task Database_OfTheOtherMode_IsFound()
    {
        await using (var db = BillingFixture.OpenDb(_world.Owner))
        {
            var now = accounts.Sandbox.Clock.GetUtcNow();
            db.Add(new Org { Id = "acme", CreatedAt = now });
            db.Add(new CheckoutSession
            {
                Id = Guid.NewGuid(),
                OrgId = "acme",
                Kind = CheckoutKind.TopUp,
                Amount = 900,
                Currency = "usd",
                Credits = 500,
                SuccessUrl = "",
                CancelUrl = "",
                Parameters = "{}",
                ExpiresAt = now,
                CreatedAt = now,
                SessionId = "cs_live_1",
            });
            await db.SaveChangesAsync();
        }
        AssertFound("mode_database", "live mode", await _world.FindAsync());
    }

    [Theory]
    [InlineData(CallFaultKind.Error)]
    [InlineData(CallFaultKind.Drop)]
    [InlineData(CallFaultKind.RateLimit)]
    public async Task Stripe_NotAnswering_IsOneFinding(CallFaultKind kind)
    {
        accounts.Sandbox.Faults.Add(new CallFault(kind) { ShouldRetry = kind == CallFaultKind.Drop ? null : false });
        AssertFound("stripe_unreachable", "cannot be asked", await _world.FindAsync());
    }

    /// <summary>This finding with its fix, and besides it only what cannot but come along.</summary>
    private static void AssertFound(string code, string named, IReadOnlyList<Finding> found, params string?[] besides)
    {
        var finding = Assert.Single(found, finding => finding.Kind.Code == code);
        Assert.Contains(named, finding.Wrong);
        Assert.EndsWith(".", finding.Wrong);
        Assert.Matches(@"^[A-Z].*\.$|\)\.$", finding.Kind.Fix);
        Assert.Equal(besides.OfType<string>().Order(), found.Where(other => other != finding).Select(other => other.Kind.Code).Order());
    }

    private sealed class Ahead(TimeProvider clock, TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + by;
    }
}
