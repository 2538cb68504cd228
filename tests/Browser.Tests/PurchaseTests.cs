using System.Text.RegularExpressions;
using Browser.Tests.World;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests;

/// <summary>Buying a plan, by clicking from the shop's page to the payment page and back.</summary>
public sealed class PurchaseTests(Shop shop)
{
    [Fact]
    public Task Plan_BoughtByClicking_IsThereWhenTheBuyerIsBack() => shop.VisitAsync(async visitor =>
    {
        await visitor.SignInAsync();

        await visitor.BuyAsync("Pro");

        await Expect(visitor.Page).ToHaveURLAsync(shop.Address); // the session's id is gone
        await Expect(visitor.Plan).ToContainTextAsync("Paid monthly; renews on");
        await Expect(visitor.Credits).ToContainTextAsync("1,000 to spend");
        await Expect(visitor.Button("Current plan")).ToBeDisabledAsync();
        await Expect(visitor.Calls).ToContainTextAsync("/v1/billing/activate");
    });

    [Fact]
    public Task Card_Declined_IsSaidAndAnotherOnePays() => shop.VisitAsync(async visitor =>
    {
        visitor.Complaints.Expect(402);
        await visitor.SignInAsync();
        await visitor.Button("Subscribe to Pro").ClickAsync();

        await visitor.Payment.PayByCardAsync(PaymentPage.DeclinedCard);
        await Expect(visitor.Payment.Alert).ToContainTextAsync("declined");
        await visitor.Payment.PayByCardAsync(PaymentPage.GoodCard);

        await Expect(visitor.Notice).ToContainTextAsync("You are on the Pro plan.");
    });

    [Fact]
    public Task ThreeDSecure_FailedThenConfirmed_Pays() => shop.VisitAsync(async visitor =>
    {
        visitor.Complaints.Expect(402);
        await visitor.SignInAsync();
        await visitor.Button("Subscribe to Pro").ClickAsync();

        await visitor.Payment.PayByCardAsync(PaymentPage.ChallengedCard);
        await visitor.ButtonLike("^Fail").ClickAsync();
        await Expect(visitor.Payment.Alert).ToBeVisibleAsync();
        await visitor.Payment.PayByCardAsync(PaymentPage.ChallengedCard);
        await visitor.ButtonLike("^Complete").ClickAsync();

        await Expect(visitor.Notice).ToContainTextAsync("You are on the Pro plan.");
    });

    [Fact]
    public Task PromotionCode_Applied_LowersWhatIsPaid() => shop.VisitAsync(async visitor =>
    {
        visitor.Complaints.Expect(400);
        var code = await shop.MakePromotionCodeAsync(percentOff: 50);
        await visitor.SignInAsync();
        await visitor.Button("Subscribe to Pro").ClickAsync();

        await visitor.Payment.ApplyAsync("NOSUCHCODE");
        await Expect(visitor.Payment.Alert).ToBeVisibleAsync();
        await visitor.Payment.ApplyAsync(code);
        await Expect(visitor.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("$14.50");
        await visitor.Payment.PayByCardAsync(PaymentPage.GoodCard);

        await Expect(visitor.Notice).ToContainTextAsync("You are on the Pro plan.");
        await visitor.OpenPortalAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("$14.50");
    });

    [Fact]
    public Task Subscribe_ClickedTwiceAndInTwoTabs_MakesOneSubscription() => shop.VisitAsync(async visitor =>
    {
        visitor.Complaints.Expect(410);
        await visitor.SignInAsync();
        var other = await visitor.OpenTabAsync();

        await visitor.Button("Subscribe to Pro").DblClickAsync();
        await visitor.Payment.FillCardAsync(PaymentPage.GoodCard);
        var first = visitor.Page;
        visitor.GoOnIn(other);
        await visitor.Button("Subscribe to Pro").ClickAsync();
        await visitor.Payment.PayByCardAsync(PaymentPage.GoodCard);
        await Expect(visitor.Notice).ToContainTextAsync("You are on the Pro plan.");
        visitor.GoOnIn(first);
        await visitor.Payment.SubmitAsync();

        await Expect(visitor.ButtonLike("^Subscribe")).ToHaveCountAsync(0);
        Assert.Equal(1, await shop.SubscriptionsOfAsync(visitor.Org));
    });

    [Fact]
    public Task Back_AfterPayment_FindsNothingToPayAndThePlanKept() => shop.VisitAsync(async visitor =>
    {
        await visitor.SignInAsync();
        await visitor.BuyAsync("Pro");

        await visitor.Page.GoBackAsync();
        await visitor.Page.WaitForURLAsync("**/c/pay/**");
        await visitor.Page.ReloadAsync(); // as the browser shows what it kept of the page
        await Expect(visitor.ButtonLike("^Subscribe")).ToHaveCountAsync(0);
        await visitor.Page.GoForwardAsync();

        await Expect(visitor.Plan).ToContainTextAsync("Pro");
        Assert.Equal(1, await shop.SubscriptionsOfAsync(visitor.Org));
    });

    [Fact]
    public Task PaymentPage_Expired_SaysSoAndLeadsBackToTheShop() => shop.VisitAsync(async visitor =>
    {
        visitor.Complaints.Expect(410);
        visitor.Complaints.Expect(401); // the token has expired meanwhile, too
        await visitor.SignInAsync();
        await visitor.Button("Subscribe to Pro").ClickAsync();
        await visitor.Page.WaitForURLAsync("**/c/pay/**");

        await shop.AdvanceAsync(TimeSpan.FromHours(25));
        await visitor.Page.ReloadAsync();

        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("expired");
        await visitor.Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("localhost") }).First.ClickAsync();
        await Expect(visitor.Notice).ToContainTextAsync("Nothing was bought");
    });
}
