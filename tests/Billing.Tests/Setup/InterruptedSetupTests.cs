namespace Billing.Tests.Setup;

/// <summary>Whichever call a run is interrupted at, before Stripe hears of it or after, the next run ends in the same state as one that was not.</summary>
public sealed class InterruptedSetupTests(AccountsFixture accounts) : IClassFixture<AccountsFixture>
{
    private static readonly string[] Edit =
        ["team:Monthly", "team:Annual", "pro:Monthly:Amount=3900", "gold:Rank=4", "gold:Annual:LookupKey=gold_annual", "gold:Annual:Amount=700", "gold:Annual:Currency=usd"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Setup_OfAnEmptyAccountInterruptedAtAnyCall_IsCompletedByTheNext(bool afterCommit)
    {
        var undisturbed = accounts.NewAccount();
        await undisturbed.SetUpAsync();
        await AssertCompletedAsync(undisturbed, () => Task.FromResult(accounts.NewAccount()), afterCommit);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Setup_AfterAnEditInterruptedAtAnyCall_IsCompletedByTheNext(bool afterCommit)
    {
        var undisturbed = await EditedAsync();
        await undisturbed.SetUpAsync();
        await AssertCompletedAsync(undisturbed, EditedAsync, afterCommit);
    }

    /// <summary>A price made by hand has no mark yet: what it was must be known also when another has taken its key.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Setup_OverPricesMadeByHandInterruptedAtAnyCall_IsCompletedByTheNext(bool afterCommit)
    {
        var undisturbed = await ByHandAsync();
        await undisturbed.SetUpAsync();
        await AssertCompletedAsync(undisturbed, ByHandAsync, afterCommit);
    }

    private static async Task AssertCompletedAsync(StripeAccount undisturbed, Func<Task<StripeAccount>> begin, bool afterCommit)
    {
        var (wanted, calls) = (await undisturbed.MeaningAsync(), undisturbed.Calls);
        for (var number = 0; number < calls; number++)
        {
            var account = await begin();
            Assert.True(await account.SetUpInterruptedAsync(number, afterCommit), $"The run was over before call {number}.");

            await account.SetUpAsync();

            Assert.Equal(wanted, await account.MeaningAsync());
            Assert.Empty(await account.SetUpAsync());
            var endpoint = Assert.Single((await new Stripe.WebhookEndpointService(account.Stripe).ListAsync()).Data);
            Assert.Equal(endpoint.Id, account.Shown[^1]); // of the one that is left the secret was shown
            Assert.InRange(account.Shown.Count, 1, 2);
        }
        Assert.False(await (await begin()).SetUpInterruptedAsync(calls, afterCommit));
    }

    private async Task<StripeAccount> EditedAsync()
    {
        var account = accounts.NewAccount();
        await account.SetUpAsync();
        AccountSetupTests.Edit(account.Settings, Edit);
        return account;
    }

    private async Task<StripeAccount> ByHandAsync()
    {
        var account = accounts.NewAccount();
        await new Stripe.PriceService(account.Stripe).CreateAsync(new Stripe.PriceCreateOptions
        {
            LookupKey = "pro_monthly",
            UnitAmount = 1900,
            Currency = "usd",
            Recurring = new Stripe.PriceRecurringOptions { Interval = "month" },
            ProductData = new Stripe.PriceProductDataOptions { Name = "Pro" },
        });
        return account;
    }
}
