using Billing.Tests.World;

namespace Billing.Tests;

/// <summary>A container's own question to its host, which takes the place of curl.</summary>
public sealed class HealthCommandTests(BillingFixture fixture)
{
    [Fact]
    public async Task Health_OfAHostThatIsReady_EndsWithZero()
    {
        Assert.Equal(0, await HealthAsync(new Uri(fixture.World.Url, "/health/ready").AbsoluteUri));
    }

    [Fact]
    public async Task Health_OfAHostWithoutSchema_EndsWithOne()
    {
        var connection = await fixture.CreateDatabaseAsync(migrated: false);
        var settings = TestConfiguration.Create(connection, fixture.World.Sandbox.Url, BillingWorld.TestSecret);
        using var host = await ServedProcess.StartAsync(settings);
        using var client = new HttpClient();
        await client.GetStringAsync(new Uri(host.Url, "/health/live")); // the first answer of all may take longer than the command is patient

        Assert.Equal(0, await HealthAsync(new Uri(host.Url, "/health/live").AbsoluteUri));
        Assert.Equal(1, await HealthAsync(new Uri(host.Url, "/health/ready").AbsoluteUri));
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/health/ready")]
    [InlineData("nonsense")]
    [InlineData("ftp://127.0.0.1/health/ready")]
    public async Task Health_OfNothing_EndsWithOne(string url)
    {
        Assert.Equal(1, await HealthAsync(url));
    }

    private static async Task<int> HealthAsync(string url)
    {
        var (code, _, error) = await CommandLine.RunAsync(new Dictionary<string, string?>(), "health", "--url", url);
        Assert.DoesNotContain("   at ", error); // a failure of the command itself ends with one, too
        return code;
    }
}
