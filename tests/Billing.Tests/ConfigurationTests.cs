using Billing.Tests.World;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Billing.Tests;

/// <summary>A wrong setting stops the start with one sentence that names the key and the fix.</summary>
public sealed class ConfigurationTests
{
    [Theory]
    [InlineData("ConnectionStrings:Billing", null)]
    [InlineData("ConnectionStrings:Billing", "nonsense")]
    [InlineData("ConnectionStrings:Billing", "Host=db")]
    [InlineData("Stripe:ApiKey", null)]
    [InlineData("Stripe:ApiKey", "pk_test_publishable")]
    [InlineData("Stripe:ApiKey", "sk_test_with_a_newline\n")]
    [InlineData("Stripe:ApiBase", "not a url")]
    [InlineData("Stripe:WebhookSecrets:0", null)]
    [InlineData("Stripe:WebhookSecrets:0", "   ")]
    [InlineData("Stripe:WebhookSecrets:0", "short")]
    [InlineData("Stripe:WebhookSecrets:0", "whsec_a_secret_with_a_newline\n")]
    [InlineData("Stripe:Timeout", "00:00:00")]
    [InlineData("Stripe:BackgroundRequestsPerSecond", "0")]
    [InlineData("Billing:Plans", null)]
    [InlineData("Billing:Plans:free:Rank", "1")]
    [InlineData("Billing:Plans:Pro Plan:Rank", "1")]
    [InlineData("Billing:Plans:pro:Rank", null)]
    [InlineData("Billing:Plans:pro:Monthly:LookupKey", null)]
    [InlineData("Billing:Plans:pro:Monthly:LookupKey", "team_monthly", "Billing:Plans")]
    [InlineData("Billing:Plans:pro:Annual:Amount", "-5")]
    [InlineData("Billing:Plans:pro:Annual:Currency", "USD")]
    [InlineData("Billing:DefaultPlan", "gold")]
    [InlineData("Billing:RedirectOrigins:0", null)]
    [InlineData("Billing:RedirectOrigins:0", "https://app.example.com/path")]
    [InlineData("Billing:RedirectOrigins:0", "http://app.example.com")]
    [InlineData("Billing:SuccessUrl", null)]
    [InlineData("Billing:SuccessUrl", "https://elsewhere.example.com/paid")]
    [InlineData("Billing:CancelUrl", "/relative")]
    [InlineData("Billing:CorsOrigins:0", "*", "Billing:CorsOrigins")]
    [InlineData("Billing:CorsOrigins:0", "https://app.example.com/", "Billing:CorsOrigins")]
    [InlineData("Billing:CorsOrigins:0", "http://app.example.com", "Billing:CorsOrigins")]
    [InlineData("Billing:RateLimits:Reads", "0")]
    [InlineData("Billing:RateLimits:Writes", "100001")]
    [InlineData("Billing:RateLimits:Service", "-1")]
    [InlineData("Billing:RateLimits:BadCredentials", "0")]
    [InlineData("Billing:Reconciliation:Interval", "00:00:30")]
    [InlineData("Billing:Reconciliation:Interval", "8.00:00:00")]
    [InlineData("Billing:Retention:Payloads", "29.00:00:00")]
    [InlineData("Billing:Retention:Payloads", "100.00:00:00", "Billing:Retention:Events")]
    [InlineData("Billing:Retention:Events", "89.00:00:00")]
    [InlineData("Billing:Retention:Events", "3651.00:00:00")]
    [InlineData("Billing:SigningKeys:0:Secret", null)]
    [InlineData("Billing:SigningKeys:0:Secret", "c2hvcnQ=")]
    [InlineData("Billing:SigningKeys:0:Secret", "not base64, though it is long enough to be")]
    [InlineData("Billing:SigningKeys:0:Id", "a.b")]
    [InlineData("Billing:PastDueGrace", "91.00:00:00")]
    [InlineData("Billing:CheckoutLifetime", "1.00:00:00")]
    [InlineData("Billing:RenewalGrace", "00:00:00")]
    [InlineData("Billing:PortalReturnUrl", "https://elsewhere.example.com/")]
    [InlineData("Billing:Plans:pro:MonthlyCredits", "-1")]
    [InlineData("Billing:Plans:pro:Monthly:PriceId", "price_1", "Billing:Plans")]
    [InlineData("Billing:Plans:pro:Monthly:TrialDays", "731")]
    [InlineData("Billing:TopUps:Currency", null)]
    [InlineData("Billing:TopUps:Currency", "dollars")]
    [InlineData("Billing:TopUps:Unit", "")]
    [InlineData("Billing:TopUps:Packs:small:Amount", "49")]
    [InlineData("Billing:TopUps:Packs:small:Amount", "100000000")]
    [InlineData("Billing:TopUps:Packs:small:Credits", "0")]
    [InlineData("Billing:TopUps:Custom:Step", "0", "Billing:TopUps:Custom")]
    [InlineData("Billing:TopUps:Custom:Minimum", "150", "Billing:TopUps:Custom")]
    [InlineData("Billing:TopUps:Custom:Maximum", "50", "Billing:TopUps:Custom")]
    [InlineData("Billing:TopUps:Custom:AmountPerStep", "0")]
    [InlineData("Billing:TopUps:Custom:AmountPerStep", "9223372036854775807")]
    [InlineData("Stripe:PortalConfiguration", "prod_1")]
    public async Task Setting_MissingOrWrong_StopsTheStartWithASentenceThatNamesIt(string key, string? value, string? named = null)
    {
        var settings = Settings();
        foreach (var part in settings.Keys.Where(k => k == key || k.StartsWith(key + ":", StringComparison.Ordinal)).ToList())
        {
            settings.Remove(part);
        }
        if (value is not null)
        {
            settings[key] = value;
        }

        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(settings));

        var sentence = Assert.Single(wrong.Failures);
        Assert.StartsWith(named ?? SectionOf(key), sentence);
        Assert.Contains(": ", sentence); // what is wrong: how to mend it
        Assert.EndsWith(".", sentence);
    }

    [Theory]
    [InlineData("Stripe:PortalConfiguration")]
    [InlineData("Stripe:SetupKey")]
    [InlineData("Stripe:WebhookUrl")]
    [InlineData("Stripe:ApiBase")]
    public async Task Setting_ThatMayBeLeftOut_MayBeEmpty(string key)
    {
        var settings = Settings();
        settings[key] = "";
        await StartAsync(settings);
    }

    [Theory]
    [InlineData("Stripe:Timeout", "soon")]
    [InlineData("Billing:PastDueGrace", "a month")]
    [InlineData("Billing:Plans:pro:Rank", "first")]
    [InlineData("Billing:CorsOrigins", "https://app.example.com")]
    [InlineData("Billing:PastDueGrase", "30.00:00:00", "PastDueGrase")]
    [InlineData("Billing:Plans:pro:Montly:LookupKey", "x", "Montly")]
    public async Task Setting_ThatCannotBeRead_StopsTheStartAndIsNamed(string key, string value, string? named = null)
    {
        var settings = Settings();
        settings[key] = value;
        var wrong = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(settings));
        Assert.Contains(named ?? key, wrong.ToString()); // ProgramTests sees what of it is said
    }

    [Theory]
    [InlineData("Billing:RedirectOrigins")]
    [InlineData("Billing:CorsOrigins")]
    public async Task List_WithATextBesideItsEntries_IsRefusedByName(string key)
    {
        var settings = Settings();
        settings[key + ":0"] = settings[key] = BillingWorld.AppOrigin;
        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(settings));
        Assert.StartsWith(key + " is a text", Assert.Single(wrong.Failures));
    }

    [Fact]
    public async Task Origin_OnLoopbackWithHttp_IsForDevelopmentOnly()
    {
        var settings = Settings();
        settings["Billing:RedirectOrigins:0"] = "http://localhost:3000";
        settings["Billing:SuccessUrl"] = settings["Billing:CancelUrl"] = "http://localhost:3000/";
        await using var development = Build(settings, Environments.Development);

        await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(settings));
        development.Services.GetRequiredService<IStartupValidator>().Validate();
    }

    [Theory]
    [InlineData("Development", true)]
    [InlineData("Staging", false)]
    [InlineData("Production", false)]
    public async Task ApiDocument_IsServedInDevelopmentOnly(string environment, bool served)
    {
        await using var app = Build(Settings(), environment);
        var routes = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();
        Assert.Equal(served, routes.Any(route => route.RoutePattern.RawText!.StartsWith("/swagger/", StringComparison.Ordinal)));
    }

    private static Dictionary<string, string?> Settings()
    {
        var settings = TestConfiguration.Create("Host=127.0.0.1;Database=none", new Uri("http://127.0.0.1:9"), "whsec_a_secret_of_some_length");
        settings.Remove("Stripe:WebhookSecrets:1");
        return settings;
    }

    /// <summary>The part of the key that the sentence may be expected to name.</summary>
    private static string SectionOf(string key) => key.EndsWith(":LookupKey", StringComparison.Ordinal) || key.EndsWith(":Amount", StringComparison.Ordinal)
        || key.EndsWith(":Currency", StringComparison.Ordinal) || key.EndsWith(":Secret", StringComparison.Ordinal) || key.EndsWith(":Id", StringComparison.Ordinal)
        ? key[..key.LastIndexOf(':')]
        : key.Replace(":RedirectOrigins:0", ":RedirectOrigins").Replace("Plans:free:Rank", "Plans:free").Replace("Plans:Pro Plan:Rank", "Plans:Pro Plan");

    private static async Task StartAsync(Dictionary<string, string?> settings)
    {
        await using var app = Build(settings, Environments.Production);
        await app.StartAsync();
    }

    private static WebApplication Build(Dictionary<string, string?> settings, string environment)
    {
        var builder = BillingApp.CreateBuilder(["--urls", "http://127.0.0.1:0"], environment);
        builder.Configuration.AddInMemoryCollection(settings);
        return BillingApp.Build(builder);
    }
}
