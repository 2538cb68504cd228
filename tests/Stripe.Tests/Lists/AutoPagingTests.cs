using Stripe.Tests.Server;

namespace Stripe.Tests.Lists;

public sealed class AutoPagingTests : StripeServerTest
{
    [Fact]
    public async Task Pages_Several_AreReadWithTheLastIdAsCursorAndAllFilters()
    {
        Stripe.Ok(Page(true, "cus_5", "cus_4")).Ok(Page(true, "cus_3", "cus_2")).Ok(Page(false, "cus_1"));
        var options = new CustomerListOptions { Email = "a@x.com", Limit = 2 };

        var ids = await IdsAsync(Customers.ListAutoPagingAsync(options, cancellationToken: Cancel));

        Assert.Equal(["cus_5", "cus_4", "cus_3", "cus_2", "cus_1"], ids);
        Assert.Equal([null, "cus_4", "cus_2"], Stripe.Requests.Select(r => r.Query.GetValueOrDefault("starting_after")));
        Assert.All(Stripe.Requests, r => Assert.Equal(("a@x.com", "2"), (r.Query["email"], r.Query["limit"])));
        Assert.Null(options.StartingAfter);
    }

    [Fact]
    public async Task EndingBefore_Set_WalksTowardsNewerObjects()
    {
        Stripe.Ok(Page(true, "cus_3", "cus_2")).Ok(Page(false, "cus_5", "cus_4"));

        var ids = await IdsAsync(Customers.ListAutoPagingAsync(new() { EndingBefore = "cus_1" }, cancellationToken: Cancel));

        Assert.Equal(["cus_2", "cus_3", "cus_4", "cus_5"], ids);
        Assert.Equal(["cus_1", "cus_3"], Stripe.Requests.Select(r => r.Query["ending_before"]));
        Assert.All(Stripe.Requests, r => Assert.False(r.Query.ContainsKey("starting_after")));
    }

    [Fact]
    public async Task Page_EmptyYetMoreClaimed_EndsTheList()
    {
        Stripe.Ok(Page(true)).Ok(Page(false, "cus_1"));

        Assert.Empty(await IdsAsync(Customers.ListAutoPagingAsync(cancellationToken: Cancel)));
        Assert.Single(Stripe.Requests);
    }

    [Fact]
    public async Task Pages_NotReadOn_AreNotFetched()
    {
        Stripe.Ok(Page(true, "cus_2", "cus_1")).Ok(Page(false));

        await foreach (var customer in Customers.ListAutoPagingAsync(cancellationToken: Cancel))
        {
            Assert.Equal("cus_2", customer.Id);
            break;
        }

        Assert.Single(Stripe.Requests);
    }

    [Fact]
    public async Task LineItems_OfASession_PageUnderTheSession()
    {
        Stripe.Ok(Page(true, "li_1")).Ok(Page(false, "li_2"));
        var items = new Checkout.SessionService(Stripe.Client()).LineItems;

        var ids = new List<string>();
        await foreach (var item in items.ListAutoPagingAsync("cs_1", cancellationToken: Cancel))
        {
            ids.Add(item.Id);
        }

        Assert.Equal(["li_1", "li_2"], ids);
        Assert.Equal("/v1/checkout/sessions/cs_1/line_items?starting_after=li_1", Stripe.Requests[1].Target);
    }

    private static string Page(bool hasMore, params string[] ids)
    {
        var data = string.Join(',', ids.Select(id => $$"""{"id":"{{id}}"}"""));
        var more = hasMore ? "true" : "false";
        return $$"""{"object":"list","data":[{{data}}],"has_more":{{more}},"url":"/v1/x","future":[{"a":1}]}""";
    }

    private static async Task<List<string>> IdsAsync(IAsyncEnumerable<Customer> customers)
    {
        var ids = new List<string>();
        await foreach (var customer in customers)
        {
            ids.Add(customer.Id);
        }

        return ids;
    }
}
