using Billing.Idempotency;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests.Idempotency;

public sealed class ExpiryTests(BillingFixture fixture)
{
    [Fact]
    public async Task Key_After24Hours_IsFreeAgain_AndWhatIsLeftIsPruned()
    {
        await using var world = await fixture.StartWorldAsync(deliver: false);
        var calls = new KeyedClient(world, await TestOrg.CreateAsync(world));
        var (reused, left) = (KeyedClient.NewKey(), KeyedClient.NewKey());
        var first = await calls.CheckoutAsync(reused, new { plan = "pro" });
        await calls.CheckoutAsync(left, new { plan = "pro" });

        await world.Sandbox.AdvanceAsync(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(5));
        (await calls.CheckoutAsync(reused, new { plan = "pro" })).AssertReplays(first);

        await world.Sandbox.AdvanceAsync(TimeSpan.FromMinutes(6));
        var second = await calls.CheckoutAsync(reused, new { plan = "team" });
        Assert.Equal((200, false), (second.Status, second.IsReplay));
        (await calls.CheckoutAsync(reused, new { plan = "team" })).AssertReplays(second);

        world.Service<ExpiredKeys>().Wake();
        await using var db = world.OpenDb();
        await Eventually.Async(
            () => db.IdempotencyKeys.Select(k => k.Key).ToListAsync(), keys => keys is [var only] && only == reused, "only the live key is left");
    }
}
