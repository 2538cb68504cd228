using System.Globalization;
using System.Text.Json.Nodes;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Portal;

public sealed class SwitchTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    [Fact]
    public async Task Upgrade_Confirmed_ChargesExactlyWhatThePageShowed()
    {
        var api = shared.NewAccount();
        var (subscription, team, portal) = await SubscribedAsync(api);
        await shared.Sandbox.AdvanceAsync(TimeSpan.FromMinutes(4));
        var choices = await portal.SeeAsync(subscription.At("/update"));
        choices.Shows("Pro, $50.00 per month");
        Assert.Contains($"name=\"price\" value=\"{team.Id()}\"", choices.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(subscription.Item()["price"]!.Id(), choices.Html, StringComparison.Ordinal);
        var page = await portal.SeeAsync(subscription.At($"/update?price={team.Id()}"));
        // Most of an hour later the proration would be another; the page's holds.
        await shared.Sandbox.AdvanceAsync(TimeSpan.FromMinutes(50));

        var done = await portal.SubmitAsync(page, subscription.At("/update"));

        Assert.Equal(new Uri(portal.Url).AbsolutePath, done.Location);
        var changed = await api.NowAsync(subscription);
        Assert.Equal(team.Id(), changed.Item()["price"]!.Id());
        var invoice = await api.GetAsync($"/v1/invoices/{changed.Text("latest_invoice")}");
        Assert.Equal("subscription_update", invoice.Text("billing_reason"));
        Assert.Equal("paid", invoice.Text("status"));
        page.Shows($"Amount due today: {Dollars(invoice.Number("amount_paid"))} Charged to Visa ending in 4242");
        Assert.All(invoice["lines"]!.Data(), line => page.Shows($"{line.Text("description")} {Dollars(line.Number("amount"))}"));
        Assert.Equal(["invoice.payment_succeeded", "customer.subscription.updated"], (await api.EventTypesAsync())[^2..]);
    }

    [Fact]
    public async Task Upgrade_ProrationsOnly_WaitForTheNextInvoice()
    {
        var api = shared.NewAccount();
        var (subscription, team, portal) = await SubscribedAsync(api, ("features[subscription_update][proration_behavior]", "create_prorations"));

        var page = await portal.SeeAsync(subscription.At($"/update?price={team.Id()}"));
        await portal.SubmitAsync(page, subscription.At("/update"));

        page.Shows("Amount due today: $0.00");
        page.Shows("for the rest of this period is added to your next invoice.");
        var prorations = (await api.EventsAsync()).Where(json => json.Text("type") == "invoiceitem.created").Sum(json => json["data"]!["object"]!.Number("amount"));
        page.Shows(Dollars(prorations));
        Assert.Equal(subscription.Text("latest_invoice"), (await api.NowAsync(subscription)).Text("latest_invoice"));
    }

    [Fact]
    public async Task Upgrade_WithoutProration_CostsNothingNow()
    {
        var api = shared.NewAccount();
        var (subscription, team, portal) = await SubscribedAsync(api, ("features[subscription_update][proration_behavior]", "none"));

        var page = await portal.SeeAsync(subscription.At($"/update?price={team.Id()}"));
        await portal.SubmitAsync(page, subscription.At("/update"));

        page.Shows("Amount due today: $0.00 Then $50.00 per month");
        Assert.Equal(team.Id(), (await api.NowAsync(subscription)).Item()["price"]!.Id());
        Assert.DoesNotContain("invoiceitem.created", await api.EventTypesAsync());
    }

    [Fact]
    public async Task Upgrade_ToALongerInterval_BeginsANewPeriod()
    {
        var api = shared.NewAccount();
        var annual = await api.PriceAsync(20000, "year");
        var subscription = await api.SubscriptionAsync();
        var portal = await api.AtThePortalAsync(subscription, await api.PortalConfigurationAsync([annual]));

        var page = await portal.SeeAsync(subscription.At($"/update?price={annual.Id()}"));
        await portal.SubmitAsync(page, subscription.At("/update"));

        var changed = await api.NowAsync(subscription);
        page.Shows("next on " + GivenPortal.Day(changed.Item().Number("current_period_end")));
        page.Shows($"Amount due today: {Dollars((await api.GetAsync($"/v1/invoices/{changed.Text("latest_invoice")}")).Number("amount_paid"))}");
        Assert.InRange(changed.Item().Number("current_period_end") - changed.Item().Number("current_period_start"), 365 * 86400, 366 * 86400);
    }

    [Theory]
    [InlineData(8000, "month", 5000, "month")]
    [InlineData(20000, "year", 25000, "month")]
    public async Task Downgrade_ConditionHolds_WaitsForThePeriodsEnd(long from, string interval, long to, string toInterval)
    {
        var api = shared.NewAccount();
        var cheaper = await api.PriceAsync(to, toInterval);
        var subscription = await api.SubscriptionAsync(await api.PriceAsync(from, interval));
        var portal = await api.AtThePortalAsync(subscription, await api.PortalConfigurationAsync([cheaper]));
        var end = GivenPortal.Day(subscription.Item().Number("current_period_end"));

        var page = await portal.SeeAsync(subscription.At($"/update?price={cheaper.Id()}"));
        page.Shows($"Takes effect on {end}");
        await portal.SubmitAsync(page, subscription.At("/update"));

        var scheduled = await api.NowAsync(subscription);
        Assert.Equal(subscription.Item()["price"]!.Id(), scheduled.Item()["price"]!.Id());
        Assert.NotNull(scheduled["schedule"]);
        Assert.Equal(subscription.Text("latest_invoice"), scheduled.Text("latest_invoice"));
        var overview = await portal.SeeAsync();
        overview.Shows($"Changes to Pro, {Dollars(to)} per month on {end}");
        var events = await api.EventTypesAsync();
        await portal.SubmitAsync(page, subscription.At("/update"));
        Assert.Equal(events, await api.EventTypesAsync());

        await portal.SubmitAsync(overview, subscription.At("/keep"));

        Assert.Null((await api.NowAsync(subscription))["schedule"]);
        (await portal.SeeAsync()).Hides("Changes to");
        // What was confirmed before the change of mind is not confirmed again.
        await portal.SubmitAsync(page, subscription.At("/update"), 409);
    }

    [Fact]
    public async Task Downgrade_PeriodEnds_TakesEffectAndIsWhatTheRenewalCosts()
    {
        var api = shared.NewAccount();
        var cheaper = await api.PriceAsync(1000);
        var subscription = await api.SubscriptionAsync(await api.PriceAsync(8000));
        var portal = await api.AtThePortalAsync(subscription, await api.PortalConfigurationAsync([cheaper]));
        await portal.SubmitAsync(await portal.SeeAsync(subscription.At($"/update?price={cheaper.Id()}")), subscription.At("/update"));

        await shared.Sandbox.AdvanceToAsync(subscription.Item().Number("current_period_end") + 2 * 3600);

        var changed = await api.NowAsync(subscription);
        Assert.Equal(cheaper.Id(), changed.Item()["price"]!.Id());
        Assert.Null(changed["schedule"]);
        Assert.Equal(1000, (await api.GetAsync($"/v1/invoices/{changed.Text("latest_invoice")}")).Number("amount_paid"));
    }

    [Fact]
    public async Task Downgrade_NoCondition_CreditsTheCustomerAtOnce()
    {
        var api = shared.NewAccount();
        var cheaper = await api.PriceAsync(1000);
        var subscription = await api.SubscriptionAsync(await api.PriceAsync(8000));
        var configuration = await api.PortalConfigurationAsync([cheaper], ("features[subscription_update][schedule_at_period_end][conditions][0][type]", "shortening_interval"));
        var portal = await api.AtThePortalAsync(subscription, configuration);

        var page = await portal.SeeAsync(subscription.At($"/update?price={cheaper.Id()}"));
        await portal.SubmitAsync(page, subscription.At("/update"));

        page.Shows("Kept as credit");
        page.Shows("Amount due today: $0.00");
        Assert.InRange((await api.GetAsync($"/v1/customers/{subscription.Text("customer")}")).Number("balance"), -7000, -6990);
    }

    [Fact]
    public async Task Switch_PriceNotOffered_IsRefused()
    {
        var api = shared.NewAccount();
        var (subscription, _, portal) = await SubscribedAsync(api);
        var other = await api.PriceAsync(9000);
        var before = await api.EventTypesAsync();

        foreach (var price in (string[])[other.Id(), "price_unknown"])
        {
            (await portal.SeeAsync(subscription.At($"/update?price={price}"), 400)).Shows("not on offer");
            (await portal.PostAsync(subscription.At("/update"), 400, ("price", price))).Shows("not on offer");
        }

        await portal.PostAsync(subscription.At("/update"), 400);
        Assert.Equal(before, await api.EventTypesAsync());
    }

    [Fact]
    public async Task Switch_OfferedPriceOffSale_IsRefused()
    {
        var api = shared.NewAccount();
        var (subscription, team, portal) = await SubscribedAsync(api);
        await api.PostAsync($"/v1/prices/{team.Id()}", ("active", "false"));

        (await portal.SeeAsync(subscription.At("/update"))).Shows("There is no other plan to choose.");
        await portal.PostAsync(subscription.At("/update"), 400, ("price", team.Id()));
    }

    [Fact]
    public async Task Switch_QuantityNotAllowed_IsRefused()
    {
        var api = shared.NewAccount();
        var (subscription, team, portal) = await SubscribedAsync(api);

        await portal.PostAsync(subscription.At("/update"), 403, ("price", team.Id()), ("quantity", "3"));
        await portal.PostAsync(subscription.At("/update"), 400, ("price", team.Id()), ("quantity", "0"));

        Assert.Equal(1, (await api.NowAsync(subscription)).Item().Number("quantity"));
    }

    [Fact]
    public async Task Switch_ConfirmedTwentyTimesAtOnce_ChargesOnce()
    {
        var api = shared.NewAccount();
        var (subscription, team, portal) = await SubscribedAsync(api);
        var page = await portal.SeeAsync(subscription.At($"/update?price={team.Id()}"));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => portal.SubmitAsync(page, subscription.At("/update"))));

        Assert.Equal(2, (await api.GetAsync("/v1/charges")).Data().Length);
        Assert.Single(await api.EventTypesAsync(), type => type == "customer.subscription.updated");
    }

    [Fact]
    public async Task Switch_SubscriptionChangedMeanwhile_IsRefused()
    {
        var api = shared.NewAccount();
        var (subscription, team, portal) = await SubscribedAsync(api);
        var page = await portal.SeeAsync(subscription.At($"/update?price={team.Id()}"));
        await api.PostAsync($"/v1/subscriptions/{subscription.Id()}", ("items[0][id]", subscription.Item().Id()), ("items[0][quantity]", "2"), ("proration_behavior", "none"));
        var before = await api.EventTypesAsync();

        (await portal.SubmitAsync(page, subscription.At("/update"), 409)).Shows("nothing was done");

        Assert.Equal(before, await api.EventTypesAsync());
    }

    [Theory]
    [InlineData(-2 * 3600)]
    [InlineData(3600)]
    public async Task Switch_ProrationDateOfOnesOwnChoice_IsRefused(long offset)
    {
        var api = shared.NewAccount();
        var (subscription, team, portal) = await SubscribedAsync(api);
        await portal.SeeAsync();
        await shared.Sandbox.AdvanceAsync(TimeSpan.FromMinutes(30));

        var date = (shared.Sandbox.Now + offset).ToString(CultureInfo.InvariantCulture);
        await portal.PostAsync(subscription.At("/update"), 409, ("price", team.Id()), ("proration_date", date));
        await portal.PostAsync(subscription.At("/update"), 303, ("price", team.Id()));
    }

    [Fact]
    public async Task Switch_OfASubscriptionAboutToEnd_NeedsTheRenewalFirst()
    {
        var api = shared.NewAccount();
        var (subscription, team, portal) = await SubscribedAsync(api);
        await api.PostAsync($"/v1/subscriptions/{subscription.Id()}", ("cancel_at_period_end", "true"));

        var page = await portal.SeeAsync(subscription.At($"/update?price={team.Id()}"));
        await portal.PostAsync(subscription.At("/update"), 409, ("price", team.Id()));
        await portal.SubmitAsync(page, subscription.At("/renew"));
        await portal.PostAsync(subscription.At("/update"), 303, ("price", team.Id()));

        Assert.Equal(team.Id(), (await api.NowAsync(subscription)).Item()["price"]!.Id());
    }

    [Fact]
    public async Task Upgrade_SavedCardDeclines_ShowsItAndChangesNothing()
    {
        var api = shared.NewAccount();
        var (subscription, team, portal) = await SubscribedAsync(api);
        await portal.PostAsync("/payment-method", 303, PortalBuyer.Card("4000000000000341"));
        subscription = await api.NowAsync(subscription);
        var page = await portal.SeeAsync(subscription.At($"/update?price={team.Id()}"));
        page.Shows("Amount due today: $");
        var before = await api.EventTypesAsync();

        (await portal.SubmitAsync(page, subscription.At("/update"), 402)).Shows("Your card was declined.");

        Assert.Equal(subscription.ToJsonString(), (await api.NowAsync(subscription)).ToJsonString());
        Assert.Equal(before, await api.EventTypesAsync());
    }

    [Theory]
    [InlineData("end_trial", "active", "$50.00")]
    [InlineData("continue_trial", "trialing", "$0.00")]
    public async Task Switch_DuringATrial_EndsItIfTheConfigurationSaysSo(string behavior, string status, string due)
    {
        var api = shared.NewAccount();
        var team = await api.PriceAsync(5000);
        var subscription = await api.SubscriptionAsync(null, ("subscription_data[trial_period_days]", "14"));
        var portal = await api.AtThePortalAsync(subscription, await api.PortalConfigurationAsync([team], ("features[subscription_update][trial_update_behavior]", behavior)));

        var page = await portal.SeeAsync(subscription.At($"/update?price={team.Id()}"));
        await portal.SubmitAsync(page, subscription.At("/update"));

        page.Shows($"Amount due today: {due}");
        var changed = await api.NowAsync(subscription);
        Assert.Equal((team.Id(), status), (changed.Item()["price"]!.Id(), changed.Text("status")));
        Assert.Equal(due, Dollars((await api.GetAsync($"/v1/invoices/{changed.Text("latest_invoice")}")).Number("amount_paid")));
    }

    private static async Task<(JsonObject Subscription, JsonObject Team, PortalBuyer Portal)> SubscribedAsync(Api api, params (string, string)[] configuration)
    {
        var team = await api.PriceAsync(5000);
        var subscription = await api.SubscriptionAsync();
        return (subscription, team, await api.AtThePortalAsync(subscription, await api.PortalConfigurationAsync([team], configuration)));
    }

    private static string Dollars(long cents) => (cents < 0 ? "-$" : "$") + (Math.Abs(cents) / 100m).ToString("N2", CultureInfo.InvariantCulture);
}
