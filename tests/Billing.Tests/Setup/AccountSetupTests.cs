using Billing.Setup;
using Billing.Setup.Steps;

namespace Billing.Tests.Setup;

/// <summary>One run brings a Stripe account to the catalog, and another finds nothing to do.</summary>
public sealed class AccountSetupTests(AccountsFixture accounts) : IClassFixture<AccountsFixture>
{
    [Fact]
    public async Task Setup_OfAnEmptyAccount_MakesEverything_AndTwiceMakesNothingNew()
    {
        var account = accounts.NewAccount();
        var made = await account.SetUpAsync();
        Assert.Equal(["price", "price", "price", "price", "portal configuration", "webhook endpoint"], made.Select(step => step.Kind));
        Assert.Single(account.Shown);
        var contents = await account.ContentsAsync();

        Assert.Empty(await account.SetUpAsync());

        Assert.Equal(0, account.Writes);
        Assert.Equal(contents, await account.ContentsAsync());
        Assert.Single(account.Shown);
        var prices = (await new Stripe.PriceService(account.Stripe).ListAsync(new Stripe.PriceListOptions { Limit = 100 })).Data;
        Assert.Equal(2, prices.Select(price => price.ProductId).Distinct().Count()); // one of each plan
    }

    [Fact]
    public async Task Plan_OfAnyState_ChangesNothing()
    {
        var account = accounts.NewAccount();
        var empty = await account.ContentsAsync();
        Assert.All(await account.PlanAsync(), step => Assert.Equal(StepAction.Create, step.Action));
        Assert.Equal((empty, 0), (await account.ContentsAsync(), account.Writes));

        await account.SetUpAsync();
        var contents = await account.ContentsAsync();
        account.Settings["Billing:Plans:pro:Monthly:Amount"] = "3900";
        var writes = account.Writes;
        Assert.Equal(
            ["create price pro_monthly", "update portal configuration", "archive price pro_monthly"],
            (await account.PlanAsync()).Where(step => step.Action != StepAction.Leave).Select(Text));
        Assert.Equal((contents, writes), (await account.ContentsAsync(), account.Writes));
    }

    public static TheoryData<string, string?[]> Edits => new()
    {
        { "amount", ["pro:Monthly:Amount=3900"] },
        { "currency", ["pro:Monthly:Currency=eur"] },
        { "interval of two keys", ["pro:Monthly:LookupKey=pro_annual", "pro:Annual:LookupKey=pro_monthly"] },
        { "key", ["pro:Monthly:LookupKey=pro_2_monthly"] },
        { "new plan", ["gold:Rank=4", "gold:Monthly:LookupKey=gold_monthly", "gold:Monthly:Amount=500", "gold:Monthly:Currency=usd"] },
        { "removed plan", ["team:Monthly", "team:Annual"] },
        { "removed interval", ["team:Annual"] },
        { "all at once", ["team:Monthly", "team:Annual", "pro:Annual:Amount=1", "gold:Rank=4", "gold:Annual:LookupKey=g", "gold:Annual:Amount=7", "gold:Annual:Currency=usd"] },
    };

    [Theory]
    [MemberData(nameof(Edits))]
    public async Task Setup_AfterAnEditOfTheCatalog_BringsThemTogetherInOneRun_AndBackAgain(string edit, string?[] lines)
    {
        var account = accounts.NewAccount();
        await account.SetUpAsync();
        var before = await account.MeaningAsync();
        var former = new Dictionary<string, string?>(account.Settings);
        Edit(account.Settings, lines);

        Assert.NotEmpty(await account.SetUpAsync());
        await AssertTogetherAsync(account, edit);
        Assert.Empty(await account.SetUpAsync());

        Replace(account.Settings, former);
        await account.SetUpAsync();
        await AssertTogetherAsync(account, edit);
        Assert.Empty(await account.SetUpAsync());
        var after = await account.MeaningAsync();
        Assert.Equal(before.Where(IsSold), after.Where(IsSold));
        Assert.Single(account.Shown);
    }

    [Fact]
    public async Task Setup_WhereTheKeyIsOnAnArchivedPriceOrProduct_SellsItAgain()
    {
        var account = accounts.NewAccount();
        await account.SetUpAsync();
        var price = await PriceAsync(account, "pro_monthly");
        await new Stripe.PriceService(account.Stripe).UpdateAsync(price.Id, new Stripe.PriceUpdateOptions { Active = false });
        await new Stripe.ProductService(account.Stripe).UpdateAsync(price.ProductId, new Stripe.ProductUpdateOptions { Active = false });

        Assert.Equal(["update product", "update price pro_monthly"], (await account.SetUpAsync()).Select(Text));

        Assert.Equal((price.Id, true, true), await PriceAsync(account, "pro_monthly") is var again ? (again.Id, again.Active, again.Product!.Active) : default);
    }

    [Fact]
    public async Task Setup_AmongPricesAndEndpointsOfOthers_TouchesNoneOfThem()
    {
        var account = accounts.NewAccount();
        var prices = new Stripe.PriceService(account.Stripe);
        var byHand = await prices.CreateAsync(Price("pro_monthly", 2900));
        var foreign = await prices.CreateAsync(Price("deal", 100));
        var endpoints = new Stripe.WebhookEndpointService(account.Stripe);
        var elsewhere = await endpoints.CreateAsync(new Stripe.WebhookEndpointCreateOptions { Url = "https://other.example.com/", EnabledEvents = ["*"] });

        await account.SetUpAsync();

        Assert.Equal(byHand.Id, (await PriceAsync(account, "pro_monthly")).Id);
        Assert.Equal(byHand.ProductId, (await PriceAsync(account, "pro_annual")).ProductId);
        Assert.True((await prices.GetAsync(foreign.Id)).Active);
        Assert.Equal(["*"], (await endpoints.GetAsync(elsewhere.Id)).EnabledEvents);
        account.Settings["Billing:Plans:pro:Monthly:Amount"] = "3900";
        await account.SetUpAsync();
        Assert.Equal((false, true), ((await prices.GetAsync(byHand.Id)).Active, (await prices.GetAsync(foreign.Id)).Active));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Setup_WherePricesAreTheirProductsDefault_GivesItAnotherOrArchivesIt(bool isPlanRemoved)
    {
        var account = accounts.NewAccount();
        await account.SetUpAsync();
        var former = await PriceAsync(account, "team_monthly");
        await new Stripe.ProductService(account.Stripe).UpdateAsync(former.ProductId, new Stripe.ProductUpdateOptions { DefaultPrice = former.Id });
        Edit(account.Settings, isPlanRemoved ? ["team:Monthly", "team:Annual"] : ["team:Monthly:Amount=1"]);

        await account.SetUpAsync();

        Assert.Empty(await account.SetUpAsync());
        var product = await new Stripe.ProductService(account.Stripe).GetAsync(former.ProductId);
        Assert.Equal(!isPlanRemoved, product.Active);
        Assert.Equal(isPlanRemoved, product.DefaultPriceId == former.Id);
    }

    [Theory]
    [InlineData("price_nowhere", "is not at Stripe")]
    [InlineData(null, "charges 100 usd every 1 month")]
    public async Task Setup_PriceNamedById_IsNeverMadeButRefused(string? id, string reason)
    {
        var account = accounts.NewAccount();
        id ??= (await new Stripe.PriceService(account.Stripe).CreateAsync(Price("deal", 100))).Id;
        Edit(account.Settings, ["pro:Monthly:LookupKey=", $"pro:Monthly:PriceId={id}"]);

        var wrong = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => account.SetUpAsync());

        Assert.Contains($"Billing:Plans:pro:Monthly:PriceId is {id}, which {reason}", Assert.Single(wrong.Failures));
        Assert.Equal(0, account.Writes);
    }

    private static async Task AssertTogetherAsync(StripeAccount account, string edit)
    {
        var wanted = account.Settings.Where(setting => setting.Key.EndsWith(":LookupKey", StringComparison.Ordinal)).Select(setting =>
        {
            var price = setting.Key[..^":LookupKey".Length];
            var interval = price.EndsWith("Annual", StringComparison.Ordinal) ? "year" : "month";
            return $"{setting.Value} {account.Settings[price + ":Amount"]} {account.Settings[price + ":Currency"]} {interval}";
        }).Order().ToList();
        var active = await new StripeReads(account.Stripe).ActivePricesAsync(CancellationToken.None);
        Assert.True(wanted.SequenceEqual(active.Select(price => $"{price.LookupKey} {price.UnitAmount} {price.Currency} {price.Recurring!.Interval}").Order()), edit);
        var portal = Assert.Single(await new StripeReads(account.Stripe).PortalsAsync(CancellationToken.None));
        Assert.Equal(active.Select(price => price.Id).Order(), PortalTerms.Offered(portal).Order());
        Assert.Empty(PortalTerms.Differences(portal));
    }

    internal static void Edit(Dictionary<string, string?> settings, IEnumerable<string?> lines)
    {
        foreach (var parts in lines.Select(line => line!.Split('=')))
        {
            var key = "Billing:Plans:" + parts[0];
            foreach (var below in settings.Keys.Where(setting => setting == key || setting.StartsWith(key + ":", StringComparison.Ordinal)).ToList())
            {
                settings.Remove(below);
            }
            if (parts is [_, { Length: > 0 } value])
            {
                settings[key] = value;
            }
        }
    }

    private static void Replace(Dictionary<string, string?> settings, Dictionary<string, string?> former)
    {
        settings.Clear();
        foreach (var (key, value) in former)
        {
            settings[key] = value;
        }
    }

    private static bool IsSold(string line) => !line.Contains(" False ", StringComparison.Ordinal);

    /// <summary>Without ids, which differ from run to run.</summary>
    private static string Text(Step step) =>
        $"{step.Action.ToString().ToLowerInvariant()} {step.Kind}" + (step.Kind == "price" ? " " + step.Name : "");

    private static Stripe.PriceCreateOptions Price(string key, long amount) => new()
    {
        LookupKey = key,
        UnitAmount = amount,
        Currency = "usd",
        Recurring = new Stripe.PriceRecurringOptions { Interval = "month" },
        ProductData = new Stripe.PriceProductDataOptions { Name = "Made by hand" },
    };

    private static async Task<Stripe.Price> PriceAsync(StripeAccount account, string key) => (await new Stripe.PriceService(account.Stripe).ListAsync(
        new Stripe.PriceListOptions { LookupKeys = [key], Expand = ["data.product"] })).Data.Single();
}
