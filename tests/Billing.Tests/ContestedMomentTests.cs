using System.Net.Http.Json;
using Billing.Authentication;
using Billing.Ledger;
using Billing.Persistence;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>
/// Debits at the very moment of a grant, a refund, an expiry and the end of holds, over two hosts: each debit that was answered is booked
/// once, and nothing else is lost or invented.
/// </summary>
public sealed class ContestedMomentTests(BillingFixture fixture)
{
    private const int Rounds = 3;
    private const int Debits = 25;

    [Fact]
    public async Task Debits_AgainstGrantRefundExpiryAndHolds_LoseAndInventNothing()
    {
        await using var world = await fixture.StartWorldAsync();
        var hosts = new[] { world.Url, await world.StartSecondHostAsync() };
        var service = await world.CreateKeyAsync(Role.Service);
        var org = await TestOrg.CreateAsync(world);
        await org.ActivateAsync((await org.BuyAsync("pro", "annual")).SessionId);
        var spent = 0L;

        for (var round = 0; round < Rounds; round++)
        {
            var refunded = await PaidAsync(world, org);
            await org.ActivateAsync(refunded.Session);
            var granted = await PaidAsync(world, org);
            var holds = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => PostAsync(hosts[0], "holds", new { amount = 10, expires_in = 3600 }, null)));

            var debits = Enumerable.Range(0, Debits).Select(i => PostAsync(hosts[i % 2], "debit", new { amount = 7 }, $"{round}-{i}")).ToList();
            var settled = holds.Select((hold, i) => PostAsync(hosts[i % 2], $"holds/{hold["hold_id"]}/settle", new { amount = 3 }, null)).ToList();
            await Task.WhenAll(
                org.ActivateAsync(granted.Session, hosts[1]),
                new Stripe.RefundService(world.Stripe).CreateAsync(new() { PaymentIntent = refunded.Payment }),
                world.Sandbox.AdvanceAsync(TimeSpan.FromDays(31), CancellationToken.None), // the month's credits expire, the next begins, holds end
                Task.WhenAll(debits), Task.WhenAll(settled));

            spent += debits.Sum(debit => debit.Result.Status == 200 ? 7 : 0) + settled.Sum(end => end.Result.Status == 200 ? 3 : 0);
            await AddsUpAsync(world, org, spent);
        }

        async Task<ApiAnswer> PostAsync(Uri host, string call, object body, string? key)
        {
            using var client = world.Client(service, host);
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/billing/credits/" + call) { Content = JsonContent.Create(body) };
            request.Headers.Add("Billing-Org", org.Id);
            if (key is not null)
            {
                request.Headers.Add("Idempotency-Key", key);
            }
            using var response = await client.SendAsync(request);
            var answer = await ApiAnswer.ReadAsync(response);
            Assert.True(answer.Status is 200 or 402 or 409, $"{call}: {answer.Status} {answer.Body}");
            return answer;
        }
    }

    private static async Task AddsUpAsync(BillingWorld world, TestOrg org, long spent)
    {
        await using var db = world.OpenDb();
        await Eventually.Async(() => db.Payments.CountAsync(p => p.ReReadDueAt != null || p.Refunded == 0), open => open == 0, "the refund is booked");
        Assert.Equal("", (await world.Service<LedgerProbe>().CheckAsync(org.Id, CancellationToken.None))!.Wrong);
        var entries = await db.CreditEntries.Where(entry => entry.OrgId == org.Id).ToListAsync();
        Assert.Equal(spent, -entries.Where(e => e.Kind is CreditEntryKind.Debit or CreditEntryKind.HoldSettlement).Sum(e => e.BalanceDelta));
        var grants = await db.CreditGrants.Where(grant => grant.OrgId == org.Id).ToListAsync();
        var expired = -entries.Where(e => e.Kind == CreditEntryKind.Expiry).Sum(e => e.BalanceDelta);
        var row = await db.Orgs.AsNoTracking().SingleAsync(o => o.Id == org.Id);
        Assert.Equal(grants.Sum(g => g.Amount) - grants.Sum(g => g.Reversed) - spent - expired, row.Balance - row.Debt);
        Assert.Equal(await db.Payments.CountAsync() * 500, grants.Sum(g => g.Reversed));
    }

    private static async Task<(string Session, string Payment)> PaidAsync(BillingWorld world, TestOrg org)
    {
        var session = await org.BuyCreditsAsync();
        return (session, (await new Stripe.Checkout.SessionService(world.Stripe).GetAsync(session)).PaymentIntentId!);
    }
}
