using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>An upgrade whose difference is not paid changes the plan at Stripe and brings no credits until it is (DESIGN rule 6).</summary>
public sealed class UnpaidUpgradeTests(BillingFixture fixture)
{
    private readonly BillingWorld _world = fixture.World;

    [Fact]
    public async Task Upgrade_ThatIsNotPaid_BringsTheDifferenceOnlyOnceItIs()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.ActivateAsync((await org.BuyAsync("pro")).SessionId);
        await using var db = _world.OpenDb();
        var customer = (await db.Orgs.SingleAsync(o => o.Id == org.Id)).StripeCustomerId!;
        var id = (await db.Subscriptions.SingleAsync(s => s.OrgId == org.Id)).Id;
        await _world.AttachAsync(customer, id, "pm_card_chargeCustomerFail");
        var subscription = await _world.Events.GetAsync("/v1/subscriptions/" + id);
        var team = (await _world.Events.GetAsync("/v1/prices?lookup_keys[]=team_monthly"))["data"]![0]!["id"]!.ToString();

        await _world.PostToStripeAsync($"/v1/subscriptions/{id}", new()
        {
            ["items[0][id]"] = subscription["items"]!["data"]![0]!["id"]!.ToString(),
            ["items[0][price]"] = team,
            ["proration_behavior"] = "always_invoice",
        });

        await org.EventuallyAsync("status", "past_due");
        await org.EventuallyAsync("plan", "team");
        Assert.Equal("1000", (await org.CreditsAsync())["plan_credits"]);

        await _world.AttachAsync(customer, id, "pm_card_visa");
        var invoice = (await _world.Events.GetAsync("/v1/subscriptions/" + id))["latest_invoice"]!.ToString();
        await _world.PostToStripeAsync($"/v1/invoices/{invoice}/pay", []);

        await org.EventuallyAsync("status", "active");
        await Eventually.Async(org.CreditsAsync, read => read["plan_credits"] == "2000", "the difference is granted");
    }
}
