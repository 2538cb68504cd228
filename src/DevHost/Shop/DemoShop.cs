namespace DevHost.Shop;

/// <summary>
/// A fictitious SaaS that sells through the service, as the reference for those who build a real one: a page that calls the API with a
/// browser token (<c>Assets/</c>), and the small backend part that a page cannot do without. It is served by the host of the API, so its
/// page needs no CORS; one of another origin needs its origin in <c>Billing:CorsOrigins</c>, and nothing else changes.
/// </summary>
internal static class DemoShop
{
    public const string Path = "/demo";
    public const string PaidPath = Path + "/paid";
    public const string CancelledPath = Path + "/cancelled";

    /// <param name="billingUrl">Where the service listens, and so the shop.</param>
    /// <param name="serviceKey">With it the backend part calls the service; it stays on this side.</param>
    /// <param name="sandboxUrl">Whose control page is linked to; null: Stripe itself.</param>
    public static void MapDemoShop(this WebApplication app, string billingUrl, string serviceKey, string? sandboxUrl)
    {
        var visitors = new Visitors(new Uri(billingUrl).Port);
        var billing = new BillingCalls(billingUrl, serviceKey);
        app.Lifetime.ApplicationStopped.Register(billing.Dispose);

        // By this name only: a page of another site that points its own name at this machine would pass for our origin otherwise.
        var shop = app.MapGroup(Path).AllowAnonymous().ExcludeFromDescription().RequireHost(new Uri(billingUrl).Authority);
        shop.AddEndpointFilter(SameOrigin.RefuseOthersAsync);
        new ShopPages(visitors, sandboxUrl).Map(shop);
        new SignIn(visitors, billing).Map(shop);
        new ShopBackend(visitors, billing).Map(shop.MapGroup("/api"));
        ShopAssets.Map(shop);
    }
}
