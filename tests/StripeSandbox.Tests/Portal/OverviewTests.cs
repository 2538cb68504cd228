using System.Net;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Portal;

public sealed class OverviewTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    [Fact]
    public async Task Overview_Subscriber_ShowsPlanCardInvoicesAndTheWayBack()
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync();
        var portal = await api.AtThePortalAsync(subscription, await api.PortalConfigurationAsync([await api.PriceAsync(5000)]));
        var invoice = await api.GetAsync($"/v1/invoices/{subscription.Text("latest_invoice")}");

        var page = await portal.SeeAsync();

        page.Shows("SANDBOX");
        page.Shows("Pro, $20.00 per month");
        page.Shows("Active Next invoice on " + GivenPortal.Day(subscription.Item().Number("current_period_end")));
        page.Shows("Visa ending in 4242, expires 12/2060");
        page.Shows($"{invoice.Text("number")} {GivenPortal.Day(invoice.Number("created"))} $20.00 Paid");
        page.Shows("Update plan");
        page.Shows("Cancel subscription");
        Assert.Contains("href=\"http://shop.test/account\"", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Overview_Always_IsKeptByNobodyAndRunsNothingInline()
    {
        var api = shared.NewAccount();
        var portal = await api.AtThePortalAsync(await api.SubscriptionAsync());

        using var page = await api.Http.GetAsync(portal.Url, TestContext.Current.CancellationToken);

        Assert.Equal("no-store", page.Headers.CacheControl!.ToString());
        Assert.Equal("no-referrer", page.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
            page.Headers.GetValues("Content-Security-Policy").Single());
    }

    [Fact]
    public async Task Pages_HostileTexts_AreEscaped()
    {
        const string Hostile = "\"><script>alert('1')</script>";
        var api = shared.NewAccount();
        var product = await api.PostAsync("/v1/products", ("name", Hostile));
        var (price, other) = (await api.PriceAsync(product: product.Id()), await api.PriceAsync(5000, product: product.Id()));
        var subscription = await api.SubscriptionAsync(price);
        await api.PostAsync($"/v1/customers/{subscription.Text("customer")}", ("name", Hostile));
        var configuration = await api.PortalConfigurationAsync([other], ("business_profile[headline]", "<script>headline"), ("features[subscription_cancel][cancellation_reason][enabled]", "true"),
            ("features[subscription_cancel][cancellation_reason][options][0]", Hostile));
        var portal = await api.AtThePortalAsync(subscription, configuration, ("return_url", "http://shop.test/?a=\"><script>"));
        var confirmed = await api.AtThePortalAsync(subscription, configuration, ("flow_data[type]", "payment_method_update"), ("flow_data[after_completion][type]", "hosted_confirmation"),
            ("flow_data[after_completion][hosted_confirmation][custom_message]", Hostile));
        await confirmed.PostAsync("/payment-method", 303, [.. PortalBuyer.Card()]);

        PortalView[] pages =
        [
            await portal.SeeAsync(), await portal.SeeAsync(subscription.At("/update")), await portal.SeeAsync(subscription.At($"/update?price={other.Id()}")),
            await portal.SeeAsync(subscription.At("/cancel")), await confirmed.SeeAsync(),
            await portal.PostAsync("/payment-method", 402, ("card_number", Hostile), ("name", Hostile)), await portal.SeeAsync(subscription.At($"/update?price={WebUtility.UrlEncode(Hostile)}"), 400),
        ];

        Assert.All(pages, page => Assert.DoesNotContain("<script>", page.Html, StringComparison.OrdinalIgnoreCase));
        Assert.All(pages[..5], page => page.Shows("script>"));
    }

    [Fact]
    public async Task Overview_DisabledFeatures_AreNotShownAndTheirFormsAreRefused()
    {
        var api = shared.NewAccount();
        var other = await api.PriceAsync(5000);
        var subscription = await api.SubscriptionAsync();
        var configuration = await api.PortalConfigurationAsync([other], ("features[subscription_update][enabled]", "false"), ("features[subscription_cancel][enabled]", "false"),
            ("features[payment_method_update][enabled]", "false"), ("features[invoice_history][enabled]", "false"));
        var portal = await api.AtThePortalAsync(subscription, configuration);
        var before = await api.EventTypesAsync();

        var page = await portal.SeeAsync();

        foreach (var hidden in (string[])["Update plan", "Cancel subscription", "payment method", "Invoices"])
        {
            page.Hides(hidden);
        }

        await portal.SeeAsync("/payment-method", 403);
        await portal.SeeAsync(subscription.At("/cancel"), 403);
        await portal.SeeAsync(subscription.At($"/update?price={other.Id()}"), 403);
        await portal.PostAsync("/payment-method", 403, PortalBuyer.Card());
        await portal.PostAsync(subscription.At("/cancel"), 403);
        await portal.PostAsync(subscription.At("/renew"), 403);
        await portal.PostAsync(subscription.At("/keep"), 403);
        await portal.PostAsync(subscription.At("/update"), 403, ("price", other.Id()));
        Assert.Equal(before, await api.EventTypesAsync());
    }

    [Fact]
    public async Task Pages_OfAnotherCustomersThings_AreNotFound()
    {
        var api = shared.NewAccount();
        var other = await api.PriceAsync(5000);
        var (own, foreign) = (await api.SubscriptionAsync(), await api.SubscriptionAsync());
        var portal = await api.AtThePortalAsync(own, await api.PortalConfigurationAsync([other]));
        var before = await api.EventTypesAsync();

        (await portal.SeeAsync()).Hides(foreign.Id());
        await portal.SeeAsync(foreign.At("/cancel"), 404);
        await portal.PostAsync(foreign.At("/cancel"), 404);
        await portal.PostAsync(foreign.At("/renew"), 404);
        await portal.PostAsync(foreign.At("/update"), 404, ("price", other.Id()));
        await portal.PostAsync($"/invoices/{foreign.Text("latest_invoice")}/pay", 404);

        Assert.Equal(before, await api.EventTypesAsync());
    }
}
