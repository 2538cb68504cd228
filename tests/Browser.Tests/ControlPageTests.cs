using Browser.Tests.World;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests;

/// <summary>The sandbox's control page, by clicking.</summary>
public sealed class ControlPageTests(Shop shop)
{
    [Fact]
    public Task Control_ClockFaultAndResend_DoWhatTheySay() => shop.VisitAsync(async visitor =>
    {
        await visitor.SignInAsync();
        await visitor.BuyAsync("Pro");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Stripe sandbox" }).ClickAsync();

        await visitor.ButtonLike("^Resend checkout.session.completed").First.ClickAsync();
        await Expect(visitor.Notice).ToContainTextAsync("on its way again");
        await visitor.Page.GetByLabel("What goes wrong").SelectOptionAsync(new SelectOptionValue { Label = "Deliveries: the event never comes" });
        await visitor.Page.GetByLabel("Of which").FillAsync("invoice.upcoming");
        await visitor.Button("Add fault").ClickAsync();
        await Expect(visitor.Section("Faults")).ToContainTextAsync("event invoice.upcoming");
        await visitor.Button("Remove all faults").ClickAsync();
        await Expect(visitor.Section("Faults")).ToContainTextAsync("Nothing goes wrong on purpose.");
        await visitor.Button("A day on").ClickAsync();

        await Expect(visitor.Notice).ToContainTextAsync("The clock was moved");
        await Expect(visitor.Section("Clock")).ToContainTextAsync("ahead of real time");
    });
}
