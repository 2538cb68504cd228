namespace DevHost.Shop;

/// <summary>The shop's one page, at its own address and at the two that the payment page leads back to.</summary>
internal sealed class ShopPages(Visitors visitors, string? sandboxUrl)
{
    private readonly ShopOffers _offers = new(BillingService.LoadOptions());

    public void Map(IEndpointRouteBuilder shop)
    {
        shop.MapGet("", Show);
        shop.MapGet(DemoShop.PaidPath[DemoShop.Path.Length..], Show);
        shop.MapGet(DemoShop.CancelledPath[DemoShop.Path.Length..], Show);
    }

    private ShopFrame Show(HttpRequest request) => visitors.Of(request) is { } visitor
        ? ShopPage.Html(visitor, _offers, sandboxUrl)
        : SignInPage.Html(DemoOrg.Id, request.Path + request.QueryString);
}
