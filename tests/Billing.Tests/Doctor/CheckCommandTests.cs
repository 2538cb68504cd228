using System.Text.Json.Nodes;
using Billing.Tests.Setup;
using Billing.Tests.World;

namespace Billing.Tests.Doctor;

/// <summary><c>billing check</c> as operators run it.</summary>
public sealed class CheckCommandTests(BillingFixture databases, AccountsFixture accounts) : IClassFixture<AccountsFixture>, IAsyncLifetime
{
    private DoctorWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await DoctorWorld.StartAsync(databases, accounts);
        _world.Settings["environment"] = "Staging";
    }

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task Check_Sound_SaysSoAndEndsWithZero_AlsoWithWarnings()
    {
        Assert.Equal((0, "Nothing is wrong.\n", ""), await RunAsync());
        Assert.Equal((0, "", ""), await RunAsync("--json"));

        _world.Settings["environment"] = "Production";
        var (code, output, error) = await RunAsync();
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(["warning mode_test: Stripe:ApiKey is a test key in production: nobody pays with money. "
            + "Set Stripe:ApiKey to a live key, or ASPNETCORE_ENVIRONMENT to what this is.", "1 found."], output.Trim().Split('\n'));
    }

    [Fact]
    public async Task Check_Wrong_NamesCodeAndFixAndEndsWithOne()
    {
        _world.Settings["Billing:Plans:pro:Monthly:Amount"] = "1";
        _world.Settings["ConnectionStrings:Billing"] = "Host=127.0.0.1;Port=1;Database=billing";

        var (code, output, error) = await RunAsync("--json");

        Assert.Equal((1, ""), (code, error));
        var found = output.Trim().Split('\n').Select(line => JsonNode.Parse(line)!).ToDictionary(line => line["code"]!.ToString());
        Assert.Equal(["database_unreachable", "price_amount"], found.Keys.Order());
        Assert.Equal("error", found["price_amount"]["severity"]!.ToString());
        Assert.Contains("pro_monthly", found["price_amount"]["wrong"]!.ToString());
        Assert.Contains("billing stripe setup", found["price_amount"]["fix"]!.ToString());
    }

    [Fact]
    public async Task Check_UnusableConfiguration_EndsWith78()
    {
        _world.Settings["Stripe:ApiKey"] = "pk_test_publishable";
        var (code, output, error) = await RunAsync();
        Assert.Equal((78, ""), (code, output));
        Assert.Contains("Stripe:ApiKey", error);
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] args) => CommandLine.RunAsync(_world.Settings, ["check", .. args]);
}
