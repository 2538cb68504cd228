using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests.Fuzz;

/// <summary>
/// Whatever is in an event that Stripe signed, the intake stores it or refuses it, and goes on. With six hundred events, or as many as
/// <c>BILLING_FUZZ_EVENTS</c> says (<c>tests/long.sh</c>); <c>BILLING_FUZZ_SEED</c> repeats a run.
/// </summary>
public sealed class FuzzTests(BillingFixture fixture)
{
    private const int Senders = 4;
    private const long MostGrowth = 256 * 1024 * 1024;

    private static readonly int Events = Setting("BILLING_FUZZ_EVENTS", 600);
    private static readonly int Seed = Setting("BILLING_FUZZ_SEED", Environment.TickCount);

    [Fact]
    public async Task Events_MutatedAndSigned_AreStoredOrRefused_AndTheHostGoesOn()
    {
        TestContext.Current.TestOutputHelper!.WriteLine($"BILLING_FUZZ_SEED={Seed}");
        await using var world = await fixture.StartWorldAsync(deliver: false);
        var fixtures = await EventFixtures.CreateAsync(world);
        using var host = await ServedProcess.StartAsync(
            TestConfiguration.Create(world.ConnectionString, world.Sandbox.Url, BillingWorld.TestSecret));
        var random = new Random(Seed);
        var mutation = new Mutation(random, fixtures);
        // Ids so far apart that no flipped bits make one of another.
        var bodies = Enumerable.Range(0, Events).Select(_ => mutation.Make($"evt_{random.NextInt64():x16}{random.NextInt64():x16}")).ToList();

        await SendAsync(host, bodies[..(Events / 4)]);
        var before = host.WorkingSet;
        var stored = await SendAsync(host, bodies);

        Assert.InRange(host.WorkingSet - before, long.MinValue, MostGrowth);
        Assert.InRange(stored.Count, Events / 5, Events);
        await using var db = world.OpenDb();
        var kept = await db.Database.SqlQuery<string>($"SELECT upper(encode(sha256(payload), 'hex')) AS \"Value\" FROM stripe_events").ToListAsync();
        var emptied = await db.StripeEvents.CountAsync(e => e.Type == "customer.deleted" && e.OrgId == null && e.Payload.Length == 0);
        Assert.Equal(emptied, stored.Except(kept).Count()); // that of a customer of nobody's is stored without its body
        Assert.Equal(200, (await world.SendAsync(HttpMethod.Get, "/health/ready", host: host.Url)).Status);
        await AssertGoesOnAsync(world, host);
    }

    /// <summary>An ordinary purchase works as ever.</summary>
    private static async Task AssertGoesOnAsync(BillingWorld world, ServedProcess host)
    {
        var org = await TestOrg.CreateAsync(world);
        foreach (var e in await org.BuyUndeliveredAsync())
        {
            Assert.Equal(200, (await world.Events.DeliverAsync(e, host.Url)).Status);
        }
        await org.EventuallyAsync("plan", "pro");
    }

    /// <returns>The hash of each body that was acknowledged.</returns>
    private static async Task<HashSet<string>> SendAsync(ServedProcess host, List<byte[]> bodies)
    {
        var acknowledged = new ConcurrentBag<string>();
        using var client = new HttpClient { BaseAddress = host.Url };
        await Parallel.ForEachAsync(bodies, new ParallelOptions { MaxDegreeOfParallelism = Senders }, async (body, stop) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/billing/webhook") { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.Add("Stripe-Signature", Sign(body));
            using var response = await client.SendAsync(request, stop);
            var status = (int)response.StatusCode;
            Assert.True(status is (>= 200 and < 300) or (>= 400 and < 500), $"{status} for {Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 4000)))}");
            if (status < 300)
            {
                acknowledged.Add(Convert.ToHexString(SHA256.HashData(body)));
            }
        });
        return [.. acknowledged];
    }

    /// <summary>Over the bytes, which need be no text.</summary>
    private static string Sign(byte[] body)
    {
        var t = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{t}."), .. body];
        return $"t={t},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(BillingWorld.TestSecret), signed))}";
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
