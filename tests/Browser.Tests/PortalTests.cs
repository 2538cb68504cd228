using System.Text.RegularExpressions;
using Browser.Tests.World;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests;

/// <summary>What a subscriber does in the portal, and what the shop shows of it.</summary>
public sealed class PortalTests(Shop shop)
{
    [Fact]
    public Task Plan_ChangedThroughThePortal_IsProratedAndThere() => shop.VisitAsync(async visitor =>
    {
        await visitor.SignInAsync();
        await visitor.BuyAsync("Pro");

        await visitor.Button("Switch to Team").ClickAsync();
        await visitor.Page.WaitForURLAsync("**/p/session/**");
        await Expect(visitor.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("Unused time");
        await visitor.ButtonLike("^Confirm").ClickAsync();

        await Expect(visitor.Notice).ToContainTextAsync("You are on the Team plan.");
        await Expect(visitor.Credits).ToContainTextAsync("5,000 to spend");
    });

    [Fact]
    public Task Subscription_CancelledAndResumed_EndsAndThenRenews() => shop.VisitAsync(async visitor =>
    {
        await visitor.SignInAsync();
        await visitor.BuyAsync("Pro");

        await visitor.OpenPortalAsync();
        await visitor.Link("^Cancel").ClickAsync();
        await visitor.ButtonLike("^Cancel").ClickAsync();
        await Expect(visitor.ButtonLike("^(Renew|Resume|Keep|Don.t cancel)")).ToBeVisibleAsync();
        await visitor.Link("localhost").ClickAsync();
        await visitor.ExpectSoonAsync(visitor.Plan, "it ends on");

        await visitor.OpenPortalAsync();
        await visitor.ButtonLike("^(Renew|Resume|Keep|Don.t cancel)").ClickAsync();
        await Expect(visitor.Link("^Cancel")).ToBeVisibleAsync();
        await visitor.Link("localhost").ClickAsync();
        await visitor.ExpectSoonAsync(visitor.Plan, "renews on");
    });

    [Fact]
    public Task Portal_WithoutAnythingBought_IsRefusedInTheOneShapeOfErrors() => shop.VisitAsync(async visitor =>
    {
        visitor.Complaints.Expect(400);
        await visitor.SignInAsync();

        await visitor.Button("Manage billing").ClickAsync();

        await Expect(visitor.Notice).ToContainTextAsync(new Regex("NO_BILLING_HISTORY · req_"));
    });
}
