using StripeSandbox.Faults;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Faults;

public sealed class ChargeFaultTests
{
    [Fact]
    public async Task Renewal_DeclinedOnPurpose_FailsAndTheNextAttemptPays()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var (subscription, other) = (await api.SubscriptionAsync(), await api.SubscriptionAsync());
        var fault = sandbox.Host.Faults.Add(new ChargeFault { Subscription = subscription.Id(), Count = 1 });

        await sandbox.AdvanceToAsync(subscription.Item().Number("current_period_end") + 3700);
        Assert.Equal(("past_due", "active"), ((await api.AgainAsync(subscription)).Text("status"), (await api.AgainAsync(other)).Text("status")));
        Assert.Equal(subscription.Text("default_payment_method"), (await api.AgainAsync(subscription)).Text("default_payment_method"));
        await sandbox.AdvanceAsync(TimeSpan.FromDays(3));

        Assert.Equal("active", (await api.AgainAsync(subscription)).Text("status"));
        Assert.Equal(1, fault.Struck);
    }

    [Fact]
    public async Task Renewal_DeclinedUntilRemoved_EndsTheSubscription()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var subscription = await api.SubscriptionAsync();
        var fault = sandbox.Host.Faults.Add(new ChargeFault { Customer = subscription.Text("customer"), DeclineCode = "insufficient_funds" });

        await sandbox.AdvanceToAsync(subscription.Item().Number("current_period_end") + 3700);
        var charge = (await api.GetAsync("/v1/charges?limit=1")).Data().Single();
        await sandbox.AdvanceAsync(TimeSpan.FromDays(20));

        Assert.Equal("insufficient_funds", charge["outcome"]!.Text("reason"));
        Assert.Equal("canceled", (await api.AgainAsync(subscription)).Text("status"));
        Assert.Equal(4, fault.Struck);
    }

    [Fact]
    public async Task Renewal_ThatWantsItsOwner_TellsThatActionIsRequired()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var subscription = await api.SubscriptionAsync();
        sandbox.Host.Faults.Add(new ChargeFault { Subscription = subscription.Id(), DeclineCode = "authentication_required" });

        await sandbox.AdvanceToAsync(subscription.Item().Number("current_period_end") + 3700);

        Assert.Contains("invoice.payment_action_required", await api.EventTypesAsync());
    }

    [Fact]
    public async Task Purchase_DeclinedOnPurpose_LeavesTheSessionOpen()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var customer = await api.PostAsync("/v1/customers", ("email", "buyer@example.com"));
        var session = await api.SessionAsync("payment", null, ("customer", customer.Id()));
        sandbox.Host.Faults.Add(new ChargeFault { Customer = customer.Id(), Count = 1 });

        using var declined = await api.PayAsync(session);
        using var paid = await api.PayAsync(session);

        Assert.Equal((402, 303), ((int)declined.StatusCode, (int)paid.StatusCode));
    }

    [Fact]
    public async Task Debit_DeclinedOnPurpose_IsReturnedByItsBank()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var session = await api.DebitedAsync("subscription", Given.GoodAccount);
        sandbox.Host.Faults.Add(new ChargeFault { Subscription = session.Text("subscription"), Count = 1 });

        await sandbox.AdvanceAsync(TimeSpan.FromDays(3));

        Assert.Equal("checkout.session.async_payment_failed", (await api.EventTypesAsync())[^1]);
    }

    [Fact]
    public async Task Upgrade_OnlyLookedAt_UsesUpNoFault()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var (small, large) = (await api.PriceAsync(), await api.PriceAsync(9000));
        var subscription = await api.SubscriptionAsync(small);
        var buyer = await api.AtThePortalAsync(subscription, await api.PortalConfigurationAsync([small, large]));
        var fault = sandbox.Host.Faults.Add(new ChargeFault { Subscription = subscription.Id(), Count = 1 });

        await buyer.SeeAsync(subscription.At($"/update?price={large.Id()}"));
        Assert.Equal(0, fault.Struck);
        await buyer.PostAsync(subscription.At("/update"), 402, ("price", large.Id()));

        Assert.Equal(1, fault.Struck);
    }
}
