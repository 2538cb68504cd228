using Billing.Authentication;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests.Operations;

/// <summary>The check and the set-up of the Stripe account over HTTP.</summary>
public sealed class AccountCallTests(BillingFixture fixture)
{
    private const string WebhookUrl = "https://billing.example.com/v1/billing/webhook";

    [Fact]
    public async Task SetupAndCheck_ByCalls_BringCatalogAndAccountTogether()
    {
        await using var world = await fixture.StartWorldAsync(deliver: false, new Dictionary<string, string?> { ["Stripe:WebhookUrl"] = WebhookUrl });
        var ops = new OpsClient(world);
        Assert.Contains("webhook_missing", await FindingsAsync(ops));

        var planned = await ops.PostAsync("/stripe/setup", new { dry_run = true, reason = "look" });
        Assert.Equal(("false", null), (planned["done"], planned["webhook_secret"]));
        Assert.Contains("webhook_missing", await FindingsAsync(ops));

        var made = await ops.PostAsync("/stripe/setup", new { reason = "first start" });
        Assert.Equal(("true", 200), (made["done"], made.Status));
        Assert.Equal(planned.Body!["steps"]!.ToJsonString(), made.Body!["steps"]!.ToJsonString());
        Assert.StartsWith("whsec_", made["webhook_secret"]);
        Assert.StartsWith("bpc_", made["portal_configuration"]);
        Assert.DoesNotContain(await FindingsAsync(ops), code => code is "webhook_missing" or "portal_prices" or "price_missing");

        var again = await ops.PostAsync("/stripe/setup", new { reason = "once more" });
        Assert.Equal(("true", null), (again["done"], again["webhook_secret"]));
        Assert.All(again.Body!["steps"]!.AsArray(), step => Assert.Equal("leave", (string)step!["action"]!));

        await using var db = world.OpenDb();
        var entry = await db.Audit.SingleAsync(entry => entry.Action == "set_up_stripe");
        Assert.Equal("first start", entry.Reason);
        Assert.StartsWith("key_", entry.Actor);
        Assert.DoesNotContain("whsec_", entry.After);
    }

    [Fact]
    public async Task Setup_ThatLosesStripeAfterTheSecretWasShown_AnswersTheSecret()
    {
        await using var world = await fixture.StartWorldAsync(deliver: false);
        await using var stripe = await FaultyStripe.StartAsync(world);
        var settings = stripe.Settings;
        settings["Stripe:WebhookUrl"] = WebhookUrl;
        var elsewhere = await world.StartSecondHostAsync(settings);
        stripe.Intercept = call =>
        {
            var marksShown = call.Request.Method == "POST" && call.Request.Path.StartsWithSegments("/v1/webhook_endpoints", out var id) && id.HasValue;
            if (marksShown)
            {
                call.Abort();
            }
            return Task.FromResult(marksShown);
        };

        var answer = await world.SendAsync(
            HttpMethod.Post, "/v1/ops/stripe/setup", await world.CreateKeyAsync(Role.Operator), """{"reason":"first start"}""", host: elsewhere);

        Assert.Equal((200, "false"), (answer.Status, answer["done"]));
        Assert.StartsWith("whsec_", answer["webhook_secret"]);
    }

    [Fact]
    public async Task Setup_OfARequestThatIsWrong_IsRefused()
    {
        var ops = new OpsClient(fixture.World);
        Assert.Equal("webhook_url", (await ops.PostAsync("/stripe/setup", new { webhook_url = "ftp://x", reason = "x" }))["error.details.errors.0.path"]);
        Assert.Equal("reason", (await ops.PostAsync("/stripe/setup", new { dry_run = true }))["error.details.errors.0.path"]);
    }

    [Fact]
    public async Task Setup_OfACatalogThatNamesAPriceThatIsNot_IsRefusedAndSaysWhich()
    {
        await using var world = await fixture.StartWorldAsync(deliver: false);
        var elsewhere = await world.StartSecondHostAsync(new Dictionary<string, string?>
        {
            ["Billing:Plans:pro:Monthly:PriceId"] = "price_of_nobody",
            ["Billing:Plans:pro:Monthly:LookupKey"] = "",
        });
        var answer = await world.SendAsync(
            HttpMethod.Post, "/v1/ops/stripe/setup", await world.CreateKeyAsync(Role.Operator), """{"reason":"x"}""", host: elsewhere);
        Assert.Equal((409, "setup_refused"), (answer.Status, answer["error.details.reason"]));
        Assert.Contains("price_of_nobody", answer["error.message"]);
    }

    private static async Task<List<string>> FindingsAsync(OpsClient ops) =>
        [.. (await ops.GetAsync("/check")).Body!["findings"]!.AsArray().Select(finding => (string)finding!["code"]!)];
}
