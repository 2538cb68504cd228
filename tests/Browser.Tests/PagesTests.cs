using Browser.Tests.World;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests;

/// <summary>Every page, in light and dark, wide and on a phone: pictured, and held to what everybody needs of it.</summary>
public sealed class PagesTests(Shop shop)
{
    public static TheoryData<ColorScheme, bool> Looks => new()
    {
        { ColorScheme.Light, false }, { ColorScheme.Light, true }, { ColorScheme.Dark, false }, { ColorScheme.Dark, true },
    };

    [Theory]
    [MemberData(nameof(Looks))]
    public Task EveryPage_Shown_IsAccessibleFitsAndStaysStill(ColorScheme scheme, bool isPhone)
    {
        var look = new Look(scheme, isPhone);
        return shop.VisitAsync(visitor => WalkAsync(visitor, look), look);
    }

    [Theory]
    [MemberData(nameof(Looks))]
    public Task EveryDeadEnd_Shown_IsAccessibleFitsAndStaysStill(ColorScheme scheme, bool isPhone)
    {
        var look = new Look(scheme, isPhone);
        return shop.VisitAsync(visitor => EndUpAsync(visitor, look), look);
    }

    private async Task WalkAsync(Visitor visitor, Look look)
    {
        Task InspectAsync(string name) => Inspection.OfAsync(visitor.Page, name, look);
        visitor.Complaints.Expect(402);
        visitor.Complaints.Expect(410); // a payment page that expired
        visitor.Complaints.Expect(401); // and the token with it

        await visitor.Page.GotoAsync(shop.Address);
        await InspectAsync("sign-in");
        await visitor.SignInAsync();
        await InspectAsync("shop-free");
        await visitor.Button("Subscribe to Pro").ClickAsync();
        await visitor.Payment.FillCardAsync(PaymentPage.DeclinedCard);
        await InspectAsync("checkout");
        var paid = visitor.Page.Url;
        await visitor.Payment.PayByCardAsync(PaymentPage.DeclinedCard);
        await Expect(visitor.Payment.Alert).ToBeVisibleAsync();
        await InspectAsync("checkout-declined");
        await visitor.Payment.ApplyAsync(await shop.MakePromotionCodeAsync(percentOff: 50));
        await Expect(visitor.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("$14.50");
        await InspectAsync("checkout-promotion");
        await visitor.Payment.PayByCardAsync(PaymentPage.ChallengedCard);
        await Expect(visitor.ButtonLike("^Complete")).ToBeVisibleAsync();
        await InspectAsync("checkout-3d-secure");
        await visitor.ButtonLike("^Complete").ClickAsync();
        await Expect(visitor.Notice).ToContainTextAsync("You are on the Pro plan.");
        await visitor.Calls.GetByText("/v1/billing/activate").ClickAsync();
        await InspectAsync("shop-paid");
        await visitor.Page.GotoAsync(paid);
        await InspectAsync("checkout-complete");
        await visitor.Page.GotoAsync(shop.Address);
        await Expect(visitor.Notice).ToContainTextAsync("Pro plan");
        await visitor.Button("Render a film (800)").ClickAsync();
        await Expect(visitor.Notice).ToContainTextAsync("200 are left");
        await visitor.Button("Render a film (800)").ClickAsync();
        await Expect(visitor.Notice).ToContainTextAsync("INSUFFICIENT_CREDITS");
        await InspectAsync("shop-refused");

        await visitor.Button("Switch to Team").ClickAsync();
        await visitor.Page.WaitForURLAsync("**/p/session/**");
        await InspectAsync("portal-plan");
        await visitor.Page.GotoAsync(shop.Address);
        await Expect(visitor.Notice).ToContainTextAsync("Pro plan");
        await visitor.OpenPortalAsync();
        await InspectAsync("portal");
        await visitor.Link("^Update plan").ClickAsync();
        await InspectAsync("portal-plans");
        await visitor.Page.GoBackAsync();
        await visitor.Link("^Cancel").ClickAsync();
        await InspectAsync("portal-cancel");
        await visitor.ButtonLike("^Cancel").ClickAsync();
        await Expect(visitor.ButtonLike("^Don.t cancel")).ToBeVisibleAsync();
        await InspectAsync("portal-cancelled");
        await visitor.Link("^Update payment method").ClickAsync();
        await InspectAsync("portal-card");
        await visitor.Page.GoBackAsync();
        await visitor.Link("-0001$").ClickAsync();
        await InspectAsync("portal-invoice");

        await visitor.Page.GotoAsync(shop.Address);
        await visitor.Button("Buy 2,000 credits").ClickAsync();
        await visitor.Page.WaitForURLAsync("**/c/pay/**");
        await shop.AdvanceAsync(TimeSpan.FromHours(25));
        await visitor.Page.ReloadAsync();
        await InspectAsync("checkout-expired");
        await visitor.Page.GotoAsync(shop.Address);
        await visitor.Button("Buy 500 credits").ClickAsync();
        await visitor.Payment.FillBankAsync("000123456789");
        await InspectAsync("checkout-bank");
        await visitor.Payment.SubmitAsync();
        await Expect(visitor.Notice).ToContainTextAsync("being processed");
        await InspectAsync("shop-processing");

        await visitor.Page.GotoAsync(shop.ControlAddress);
        await InspectAsync("control");
    }

    /// <summary>Pages that nobody wants to see: what does not exist, is over, was refused or must wait.</summary>
    private async Task EndUpAsync(Visitor visitor, Look look)
    {
        Task InspectAsync(string name) => Inspection.OfAsync(visitor.Page, name, look);
        foreach (var expected in (int[])[401, 404, 409, 410])
        {
            visitor.Complaints.Expect(expected);
        }

        await visitor.SignInAsync();
        await visitor.BuyAsync("Pro");
        await visitor.OpenPortalAsync();
        var portal = visitor.Page.Url;
        await visitor.Link("^Update payment method").ClickAsync();
        await visitor.Payment.FillCardFieldsAsync(PaymentPage.ChallengedCard);
        await visitor.Button("Save card").ClickAsync();
        await Expect(visitor.ButtonLike("^Complete")).ToBeVisibleAsync();
        await InspectAsync("portal-card-3d-secure");
        await visitor.Page.GotoAsync(portal);
        await visitor.Link("^Update plan").ClickAsync();
        var plans = visitor.Page.Url;
        await visitor.Page.GotoAsync(portal);
        await visitor.Link("^Cancel").ClickAsync();
        var cancel = visitor.Page.Url;
        await visitor.ButtonLike("^Cancel").ClickAsync();
        await Expect(visitor.ButtonLike("^Don.t cancel")).ToBeVisibleAsync();
        await visitor.Page.GotoAsync(cancel);
        await InspectAsync("portal-already-cancelled");
        await visitor.Page.GotoAsync(plans);
        await InspectAsync("portal-renew-first");

        await visitor.Page.GotoAsync(portal + "x");
        await InspectAsync("portal-unknown");
        await visitor.Page.GotoAsync(new Uri(new Uri(portal), "/c/pay/cs_test_unknown").AbsoluteUri);
        await InspectAsync("checkout-unknown");

        await visitor.Page.GotoAsync(shop.Address);
        await visitor.Button("Buy 500 credits").ClickAsync();
        await visitor.Payment.FillBankAsync("000111111116");
        var paid = visitor.Page.Url;
        await visitor.Payment.SubmitAsync();
        await Expect(visitor.Notice).ToContainTextAsync("being processed");
        await shop.AdvanceAsync(TimeSpan.FromDays(4));
        await visitor.Button("Check now").ClickAsync();
        await Expect(visitor.Notice).ToContainTextAsync("payment_failed");
        await InspectAsync("shop-failed");
        await visitor.Page.GotoAsync(paid);
        await InspectAsync("checkout-failed");
        await visitor.Page.GotoAsync(portal);
        await InspectAsync("portal-expired");
    }
}
