using Billing.Setup;
using Billing.Webhooks;

namespace Billing.Tests.Setup;

/// <summary>The webhook endpoint at the service's URL sends what is handled, in the pinned version, and its secret is shown exactly once.</summary>
public sealed class EndpointSetupTests(AccountsFixture accounts) : IClassFixture<AccountsFixture>
{
    [Fact]
    public async Task Endpoint_Disabled_OrWithOtherEvents_IsMendedAndKeepsItsSecret()
    {
        var account = accounts.NewAccount();
        var made = await MakeAsync(account, ["invoice.paid", "product.created"], Stripe.StripeConfiguration.ApiVersion);
        await Service(account).UpdateAsync(made.Id, new Stripe.WebhookEndpointUpdateOptions { Disabled = true });

        await account.SetUpAsync();

        var endpoint = Assert.Single((await Service(account).ListAsync()).Data);
        Assert.Equal((made.Id, "enabled"), (endpoint.Id, endpoint.Status));
        Assert.Equal(EventHandlers.Types.Order(), endpoint.EnabledEvents.Order());
        Assert.Empty(account.Shown);
    }

    [Theory]
    [InlineData("2025-03-31.basil")]
    [InlineData(null)]
    public async Task Endpoint_OfAnotherVersion_IsReplaced_AndTheNewSecretShown(string? version)
    {
        var account = accounts.NewAccount();
        var former = await MakeAsync(account, [.. EventHandlers.Types], version);

        await account.SetUpAsync();

        var endpoint = Assert.Single((await Service(account).ListAsync()).Data);
        Assert.NotEqual(former.Id, endpoint.Id);
        Assert.Equal(Stripe.StripeConfiguration.ApiVersion, endpoint.ApiVersion);
        Assert.Equal([endpoint.Id], account.Shown);
    }

    [Fact]
    public async Task Endpoint_TwiceAtTheUrl_IsLeftOnce_TheOlder()
    {
        var account = accounts.NewAccount();
        var older = await MakeAsync(account, [.. EventHandlers.Types], Stripe.StripeConfiguration.ApiVersion);
        await MakeAsync(account, [.. EventHandlers.Types], Stripe.StripeConfiguration.ApiVersion);

        await account.SetUpAsync();

        Assert.Equal(older.Id, Assert.Single((await Service(account).ListAsync()).Data).Id);
    }

    [Fact]
    public async Task Endpoint_WithoutAUrl_IsNotMade()
    {
        var account = accounts.NewAccount();
        await account.SetUpAsync(new SetupScope());
        Assert.Empty((await Service(account).ListAsync()).Data);
        Assert.Empty(account.Shown);
    }

    [Fact]
    public async Task Portal_ConfiguredAndInactive_IsActivatedAndMended_NotMadeAnew()
    {
        var account = accounts.NewAccount();
        var portals = new Stripe.BillingPortal.ConfigurationService(account.Stripe);
        var features = new Stripe.BillingPortal.ConfigurationFeaturesOptions { InvoiceHistory = new() { Enabled = false } };
        var made = await portals.CreateAsync(new Stripe.BillingPortal.ConfigurationCreateOptions { Name = "Ours", Features = features });
        await portals.UpdateAsync(made.Id, new Stripe.BillingPortal.ConfigurationUpdateOptions { Active = false });

        await account.SetUpAsync(new SetupScope { PortalConfiguration = made.Id });

        var portal = Assert.Single(await new StripeReads(account.Stripe).PortalsAsync(CancellationToken.None));
        Assert.Equal((made.Id, true, "Ours", 4), (portal.Id, portal.Active, portal.Name, PortalTerms.Offered(portal).Count));
        Assert.Empty(PortalTerms.Differences(portal));
    }

    private static Stripe.WebhookEndpointService Service(StripeAccount account) => new(account.Stripe);

    private static Task<Stripe.WebhookEndpoint> MakeAsync(StripeAccount account, List<string> events, string? version)
    {
        var options = new Stripe.WebhookEndpointCreateOptions { Url = StripeAccount.WebhookUrl, EnabledEvents = events };
        if (version is not null)
        {
            options.ApiVersion = version;
        }
        return Service(account).CreateAsync(options);
    }
}
