using Browser.Tests.World;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests;

/// <summary>Buying credits, at once and by a payment that takes days, and spending them.</summary>
public sealed class CreditsTests(Shop shop)
{
    private const string PayingAccount = "000123456789";
    private const string ReturningAccount = "000111111116";

    [Fact]
    public Task TopUp_BoughtAndSpent_IsCountedAndRefusedWhenItIsGone() => shop.VisitAsync(async visitor =>
    {
        visitor.Complaints.Expect(402);
        await visitor.SignInAsync();

        await visitor.Button("Buy 500 credits").ClickAsync();
        await visitor.Payment.PayByCardAsync(PaymentPage.GoodCard);
        await Expect(visitor.Notice).ToContainTextAsync("you can spend 500");
        await visitor.Button("Render a still (50)").ClickAsync();
        await Expect(visitor.Notice).ToContainTextAsync("450 are left");
        await Expect(visitor.Credits).ToContainTextAsync("450 to spend");
        await visitor.Button("Render a film (800)").ClickAsync();

        await Expect(visitor.Notice).ToContainTextAsync("INSUFFICIENT_CREDITS");
        await Expect(visitor.Credits).ToContainTextAsync("450 to spend");
        await Expect(visitor.Calls).ToContainTextAsync("/v1/billing/credits/debit");
    });

    [Fact]
    public Task DelayedPayment_SettlesDaysLater_CreditsThen() => shop.VisitAsync(async visitor =>
    {
        visitor.Complaints.Expect(401); // the token expires in these days, and is renewed
        await visitor.SignInAsync();
        await visitor.Button("Buy 2,000 credits").ClickAsync();
        await visitor.Payment.PayByBankAsync(PayingAccount);
        await Expect(visitor.Notice).ToContainTextAsync("being processed");
        await Expect(visitor.Credits).ToContainTextAsync("0 to spend");

        await shop.AdvanceAsync(TimeSpan.FromDays(4));
        await visitor.Button("Check now").ClickAsync();

        await Expect(visitor.Notice).ToContainTextAsync("you can spend 2,000");
    });

    [Fact]
    public Task DelayedPayment_ReturnedByTheBank_IsSaid() => shop.VisitAsync(async visitor =>
    {
        visitor.Complaints.Expect(401);
        visitor.Complaints.Expect(409);
        await visitor.SignInAsync();
        await visitor.Button("Buy 2,000 credits").ClickAsync();
        await visitor.Payment.PayByBankAsync(ReturningAccount);
        await Expect(visitor.Notice).ToContainTextAsync("being processed");

        await shop.AdvanceAsync(TimeSpan.FromDays(4));
        await visitor.Button("Check now").ClickAsync();

        await Expect(visitor.Notice).ToContainTextAsync("payment_failed");
        await Expect(visitor.Credits).ToContainTextAsync("0 to spend");
    });
}
