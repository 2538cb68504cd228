using Browser.Tests.World;
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

        Assert.Equal(shop.Address, visitor.Page.Url); // the session's id is gone
        await Expect(visitor.Plan).ToContainTextAsync("Paid monthly; renews on");
        await Expect(visitor.Credits).ToContainTextAsync("1,000 to spend");
        await Expect(visitor.Button("Current plan")).ToBeDisabledAsync();
        await Expect(visitor.Calls).ToContainTextAsync("/v1/billing/activate");
    });
}
