using System.Text.Json.Nodes;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests.Setup;

/// <summary><c>billing stripe setup</c> as operators run it, before there is a database or a webhook secret.</summary>
public sealed class SetupCommandTests(BillingFixture fixture, AccountsFixture accounts) : IClassFixture<AccountsFixture>
{
    private readonly StripeAccount _account = accounts.NewAccount();

    [Fact]
    public async Task Setup_PrintsStepsAndSecretOnce_ThenNothingIsToBeDone()
    {
        var (code, output, error) = await RunAsync("--webhook-url", StripeAccount.WebhookUrl);
        Assert.Equal(0, code);
        Assert.Contains("create   price pro_monthly: no price has this lookup key.\n", output);
        Assert.Matches(@"(?m)^Stripe__WebhookSecrets__0=whsec_\w+$", output);
        Assert.Matches(@"(?m)^Stripe__PortalConfiguration=bpc_\w+$", output);
        Assert.Contains("the only time that it is shown", error);
        Assert.Contains("Not noted in the audit", error);

        (code, output, error) = await RunAsync("--webhook-url", StripeAccount.WebhookUrl);
        Assert.Equal((0, "Nothing was to be done."), (code, error.Trim().Split('\n')[^1]));
        Assert.DoesNotContain("whsec_", output);
        Assert.All(output.Trim().Split('\n')[..^1], line => Assert.StartsWith("leave ", line));
    }

    [Fact]
    public async Task Setup_DryRunAsJson_ShowsThePlanAndChangesNothing()
    {
        var contents = await _account.ContentsAsync();

        var (code, output, error) = await RunAsync("--dry-run", "--json", "--webhook-url", StripeAccount.WebhookUrl);

        var steps = output.Trim().Split('\n').Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal((0, 6, "6 to make; nothing was changed.\n"), (code, steps.Count, error));
        Assert.All(steps, step => Assert.Equal("create", step["action"]!.ToString()));
        Assert.Equal(("webhook endpoint", StripeAccount.WebhookUrl), (steps[^1]["object"]!.ToString(), steps[^1]["name"]!.ToString()));
        Assert.Equal(contents, await _account.ContentsAsync());
    }

    [Fact]
    public async Task Setup_WithAKeyOfItsOwn_UsesThat()
    {
        var settings = Settings();
        (settings["Stripe:SetupKey"], settings["Stripe:ApiKey"]) = (_account.Key, "rk_test_" + Guid.NewGuid().ToString("N"));
        Assert.Equal(0, (await CommandLine.RunAsync(settings, "stripe", "setup", "--reason", "test")).Code);
        Assert.Equal(4, (await new Stripe.PriceService(_account.Stripe).ListAsync(new Stripe.PriceListOptions { Limit = 100 })).Data.Count);

        settings.Remove("Stripe:ApiKey");
        Assert.Equal(0, (await CommandLine.RunAsync(settings, "stripe", "setup", "--reason", "test")).Code);
    }

    [Fact]
    public async Task Setup_WithADatabase_IsInTheAudit_UnlessNothingWasToBeDone()
    {
        var settings = Settings();
        settings["ConnectionStrings:Billing"] = await fixture.CreateDatabaseAsync();
        for (var run = 0; run < 2; run++)
        {
            Assert.Equal(0, (await CommandLine.RunAsync(
                settings, "stripe", "setup", "--webhook-url", StripeAccount.WebhookUrl, "--reason", "new price for pro")).Code);
        }

        await using var db = BillingFixture.OpenDb(settings["ConnectionStrings:Billing"]!);
        var entry = await db.Audit.SingleAsync();
        Assert.Equal(("set_up_stripe", "new price for pro"), (entry.Action, entry.Reason));
        Assert.Equal("cli:" + Environment.UserName, entry.Actor);
        Assert.Contains("pro_monthly", entry.After);
        Assert.DoesNotContain("whsec_", entry.After);
    }

    [Fact]
    public async Task Setup_BeforeTheDatabaseIsMigrated_SaysThatItIsNotInTheAudit_AndGoesOn()
    {
        var settings = Settings();
        settings["ConnectionStrings:Billing"] = await fixture.CreateDatabaseAsync(migrated: false);
        var (code, output, error) = await CommandLine.RunAsync(settings, "stripe", "setup", "--webhook-url", StripeAccount.WebhookUrl, "--reason", "first start");
        Assert.Equal(0, code);
        Assert.Matches(@"(?m)^Stripe__WebhookSecrets__0=whsec_\w+$", output);
        Assert.Contains("Not noted in the audit", error);
    }

    [Fact]
    public async Task Setup_WithADatabaseThatCannotBeUsed_ChangesNothing()
    {
        var (contents, settings) = (await _account.ContentsAsync(), Settings());
        settings["ConnectionStrings:Billing"] = "Host=127.0.0.1;Port=1;Database=billing";
        var (code, _, error) = await CommandLine.RunAsync(settings, "stripe", "setup", "--reason", "test");
        Assert.Equal(69, code);
        Assert.StartsWith("The database cannot be used", error);
        Assert.Equal(contents, await _account.ContentsAsync());
    }

    [Fact]
    public async Task Setup_WithoutAReason_ChangesNothing()
    {
        var contents = await _account.ContentsAsync();
        var (code, _, error) = await CommandLine.RunAsync(Settings(), "stripe", "setup");
        Assert.NotEqual(0, code);
        Assert.Contains("--reason", error);
        Assert.Equal(contents, await _account.ContentsAsync());
    }

    [Theory]
    [InlineData(78, "Stripe:ApiKey", "pk_test_publishable", "Stripe:ApiKey")]
    [InlineData(78, "Stripe:SetupKey", "rk_live_of_the_other_mode", "Stripe:SetupKey")]
    [InlineData(78, "Billing:Plans:pro:Rank", "0", "Billing:Plans:pro:Rank")]
    [InlineData(78, "Billing:Plans:pro:Monthly:PriceId", "price_1", "Billing:Plans:pro:Monthly")]
    [InlineData(78, "Stripe:Timeout", "soon", "Stripe:Timeout")]
    [InlineData(69, "Stripe:ApiBase", "http://127.0.0.1:1", "Stripe cannot be used")]
    public async Task Setup_WithAWrongSetting_SaysSoAndChangesNothing(int exit, string key, string value, string named)
    {
        var settings = Settings();
        settings[key] = value;
        var (code, output, error) = await CommandLine.RunAsync(settings, "stripe", "setup", "--reason", "test");
        Assert.Equal((exit, ""), (code, output));
        Assert.Contains(named, error);
        Assert.DoesNotContain("   at ", error);
    }

    [Fact]
    public async Task Setup_OfLiveModeWithAnInsecureUrl_IsRefused()
    {
        var settings = Settings();
        settings["Stripe:ApiKey"] = "sk_live_refused_by_the_sandbox";
        var (code, _, error) = await CommandLine.RunAsync(settings, "stripe", "setup", "--reason", "test", "--webhook-url", "http://billing.example.com/v1/billing/webhook");
        Assert.Equal(78, code);
        Assert.Contains("is not https", error);
        Assert.NotEqual(0, (await RunAsync("--webhook-url", "billing.example.com")).Code);
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] args) => CommandLine.RunAsync(Settings(), ["stripe", "setup", "--reason", "test", .. args]);

    /// <summary>What there is of a configuration at that time.</summary>
    private Dictionary<string, string?> Settings()
    {
        var settings = _account.Settings.Where(setting => setting.Key.StartsWith("Billing:Plans", StringComparison.Ordinal)).ToDictionary();
        settings["Stripe:ApiKey"] = _account.Key;
        settings["Stripe:ApiBase"] = accounts.Sandbox.Url.AbsoluteUri.TrimEnd('/');
        return settings;
    }
}
