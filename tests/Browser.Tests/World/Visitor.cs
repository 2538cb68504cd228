using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests.World;

/// <summary>Somebody with a window on the shop, and what they do there: by what they read and press, never by how pages are built.</summary>
internal sealed class Visitor
{
    private readonly Shop _shop;

    public Visitor(Shop shop, IBrowserContext window, IPage page)
    {
        (_shop, Window, Page) = (shop, window, page);
        Complaints.Watch(page);
    }

    public IBrowserContext Window { get; }

    public IPage Page { get; private set; }

    public Complaints Complaints { get; } = new();

    /// <summary>Nobody else's.</summary>
    public string Org { get; } = "org-" + Guid.NewGuid().ToString("N")[..12];

    public PaymentPage Payment => new(Page);

    /// <summary>What the shop says to the visitor.</summary>
    public ILocator Notice => Page.GetByRole(AriaRole.Status);

    public ILocator Plan => Section("Your plan");

    public ILocator Credits => Section("Your credits");

    public ILocator Calls => Page.GetByRole(AriaRole.Complementary, new() { Name = "Calls" });

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>By a pattern of its text.</summary>
    public ILocator ButtonLike(string pattern) => Page.GetByRole(AriaRole.Button, new() { NameRegex = new(pattern) });

    public ILocator Link(string pattern) => Page.GetByRole(AriaRole.Link, new() { NameRegex = new(pattern) }).First;

    public ILocator Section(string name) => Page.GetByRole(AriaRole.Region, new() { Name = name });

    /// <summary>Signs in to the shop, as an owner unless said otherwise.</summary>
    public async Task SignInAsync(string role = "owner")
    {
        await Page.GotoAsync(_shop.Address);
        await Page.GetByLabel("Organization").FillAsync(Org);
        await Page.GetByLabel("Role").SelectOptionAsync(role);
        await Button("Sign in").ClickAsync();
        await Expect(Notice).ToContainTextAsync("free plan");
    }

    /// <summary>Another window of the same browser, on the same page; the visitor goes on in it.</summary>
    public async Task<IPage> OpenTabAsync()
    {
        var tab = await Window.NewPageAsync();
        Complaints.Watch(tab);
        await tab.GotoAsync(_shop.Address);
        await Expect(tab.GetByRole(AriaRole.Status)).ToContainTextAsync("plan");
        return tab;
    }

    public void GoOnIn(IPage tab) => Page = tab;

    /// <summary>From the shop to a plan that is paid.</summary>
    public async Task BuyAsync(string plan)
    {
        await Button($"Subscribe to {plan}").ClickAsync();
        await Payment.PayByCardAsync(PaymentPage.GoodCard);
        await Expect(Notice).ToContainTextAsync($"You are on the {plan} plan.");
    }

    public async Task OpenPortalAsync()
    {
        await Button("Manage billing").ClickAsync();
        await Page.WaitForURLAsync("**/p/session/**");
    }

    /// <summary>What a webhook brings: it is there in a moment, and the page shows it when it looks again.</summary>
    public async Task ExpectSoonAsync(ILocator place, string text)
    {
        await DevHost.Tests.World.Eventually.TrueAsync(
            async () =>
            {
                await Button("Refresh").ClickAsync();
                await Expect(Notice).ToContainTextAsync("Up to date.");
                return (await place.InnerTextAsync()).Contains(text, StringComparison.Ordinal);
            },
            $"the page shows '{text}'");
    }
}
