using System.Diagnostics;
using System.Net.Http.Json;
using Billing.Authentication;
using Billing.Ledger;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>
/// Debits, holds, top-ups and refunds of the same orgs at once over two hosts: no caller sees an error of ours, and every ledger adds up
/// afterwards. For three seconds, or as long as <c>BILLING_LOAD_SECONDS</c> says (<c>tests/long.sh</c>).
/// </summary>
public sealed class MixedLoadTests(BillingFixture fixture)
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(
        int.Parse(Environment.GetEnvironmentVariable("BILLING_LOAD_SECONDS") ?? "3"));

    [Fact]
    public async Task MixedLoad_OverTwoHosts_ShowsNoErrorOfOurs_AndTheLedgersAddUp()
    {
        await using var world = await fixture.StartWorldAsync();
        var hosts = new[] { world.Url, await world.StartSecondHostAsync() };
        var service = await world.CreateKeyAsync(Role.Service);
        var orgs = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => TestOrg.CreateAsync(world)));
        await Task.WhenAll(orgs.Select(async org => await org.ActivateAsync(await org.BuyCreditsAsync(new { pack = "large" }))));
        var started = Stopwatch.GetTimestamp();

        var calls = await Task.WhenAll(orgs.SelectMany((org, i) => Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            using var client = world.Client(service, hosts[worker % 2]);
            client.DefaultRequestHeaders.Add("Billing-Org", org.Id);
            var random = new Random(i * 10 + worker);
            var count = 0;
            for (; Stopwatch.GetElapsedTime(started) < Length; count++)
            {
                await StepAsync(world, org, client, random, buys: worker == 0);
            }
            return count;
        }))));

        await Eventually.Async(() => PendingAsync(world), pending => pending == 0, "every refund is booked");
        var probe = world.Service<LedgerProbe>();
        foreach (var org in orgs)
        {
            Assert.Equal("", (await probe.CheckAsync(org.Id, CancellationToken.None))!.Wrong);
        }
        Assert.True(calls.Sum() > 10);
    }

    private static async Task StepAsync(BillingWorld world, TestOrg org, HttpClient client, Random random, bool buys)
    {
        switch (random.Next(20))
        {
            case 0 when buys: // one buyer for each org: two would be given the same page
                var session = await org.BuyCreditsAsync(new { credits = 100 });
                Assert.Equal("true", (await org.ActivateAsync(session))["success"]);
                var payment = (await new Stripe.Checkout.SessionService(world.Stripe).GetAsync(session)).PaymentIntentId;
                await new Stripe.RefundService(world.Stripe).CreateAsync(new() { PaymentIntent = payment, Amount = 100 });
                break;
            case < 8:
                var hold = await PostAsync(client, "holds", new { amount = random.Next(1, 50), expires_in = 1 }, null);
                if (hold.Status == 200)
                {
                    var end = random.Next(2) == 0
                        ? await PostAsync(client, $"holds/{hold["hold_id"]}/settle", new { amount = 1 }, null)
                        : await PostAsync(client, $"holds/{hold["hold_id"]}/release", new { }, null);
                    Assert.True(end.Status is 200 or 409, $"{end.Status} {end.Body}");
                }
                break;
            default:
                // Few keys, so that many are sent twice, also at the same moment.
                await PostAsync(client, "debit", new { amount = 1 }, $"key-{random.Next(500)}");
                break;
        }
    }

    private static async Task<ApiAnswer> PostAsync(HttpClient client, string call, object body, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/billing/credits/" + call) { Content = JsonContent.Create(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }
        using var response = await client.SendAsync(request);
        var answer = await ApiAnswer.ReadAsync(response);
        Assert.True(answer.Status is 200 or 402 or 409, $"{call}: {answer.Status} {answer.Body}");
        return answer;
    }

    private static async Task<int> PendingAsync(BillingWorld world)
    {
        await using var db = world.OpenDb();
        return await db.Payments.CountAsync(payment => payment.ReReadDueAt != null);
    }
}
