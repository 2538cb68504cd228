using Billing.Tests.World;

namespace Billing.Tests;

/// <summary>Only a first activation expires: the session's life plus 14 days (DESIGN rule 5). The clock of this world is moved.</summary>
public sealed class LateActivationTests(BillingFixture fixture)
{
    [Fact]
    public async Task Activate_LongAfterTheSessionsEnd_IsRefusedUnlessItWasBookedBefore()
    {
        await using var world = await fixture.StartWorldAsync(deliver: false);
        var (late, booked) = (await TestOrg.CreateAsync(world), await TestOrg.CreateAsync(world));
        var (lateSession, bookedSession) = (await late.BuyCreditsAsync(), await booked.BuyCreditsAsync());
        await booked.ActivateAsync(bookedSession);
        await world.Sandbox.AdvanceAsync(TimeSpan.FromDays(14.9), CancellationToken.None);
        var inTime = await TestOrg.CreateAsync(world);

        await world.Sandbox.AdvanceAsync(TimeSpan.FromDays(0.2), CancellationToken.None);

        Assert.Equal(403, (await late.ActivateAsync(lateSession)).Status);
        Assert.Equal("0", (await late.CreditsAsync())["balance"]);
        Assert.Equal("already_credited", (await booked.ActivateAsync(bookedSession))["state"]);
        Assert.Equal("credited", (await inTime.ActivateAsync(await inTime.BuyCreditsAsync()))["state"]);
    }
}
