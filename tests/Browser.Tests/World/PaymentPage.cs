using Microsoft.Playwright;

namespace Browser.Tests.World;

/// <summary>The sandbox's payment page, as a buyer fills it in.</summary>
internal sealed class PaymentPage(IPage page)
{
    public const string GoodCard = "4242 4242 4242 4242";
    public const string DeclinedCard = "4000 0000 0000 0002";
    public const string ChallengedCard = "4000 0027 6000 3184";

    public ILocator Alert => page.GetByRole(AriaRole.Alert);

    private ILocator Submit => page.GetByRole(AriaRole.Button, new() { NameRegex = new("^(Subscribe|Pay |Start trial)") });

    /// <summary>Pays; the browser follows to wherever that leads.</summary>
    public async Task PayByCardAsync(string number)
    {
        await FillCardAsync(number);
        await SubmitAsync();
    }

    public Task SubmitAsync() => Submit.ClickAsync();

    public async Task FillCardAsync(string number)
    {
        await page.WaitForURLAsync("**/c/pay/**");
        await FillCardFieldsAsync(number);
    }

    /// <summary>Wherever they are asked for, in the portal too.</summary>
    public async Task FillCardFieldsAsync(string number)
    {
        await FillAsync("Card number", number);
        await FillAsync("Expiry", "12/40");
        await FillAsync("Security code", "123");
    }

    /// <summary>Pays from a bank account, which its bank answers in three days.</summary>
    public async Task PayByBankAsync(string account)
    {
        await FillBankAsync(account);
        await SubmitAsync();
    }

    public async Task FillBankAsync(string account)
    {
        await page.WaitForURLAsync("**/c/pay/**");
        await page.GetByText("US bank account", new() { Exact = true }).ClickAsync(); // its radio button is hidden behind its label
        await FillAsync("Routing number", "110000000");
        await FillAsync("Account number", account);
    }

    public async Task ApplyAsync(string code)
    {
        await FillAsync("Promotion code", code);
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();
    }

    private Task FillAsync(string label, string value) => page.GetByLabel(label).FillAsync(value);
}
