using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Protocol;

public sealed class ListTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    [Fact]
    public async Task List_WalkedByCursor_ShowsEveryObjectOnceNewestFirst()
    {
        var (api, ids) = await WithCustomersAsync(25);
        List<string> seen = [];
        var cursor = "";
        for (var more = true; more;)
        {
            var page = await api.GetAsync($"/v1/customers?limit=7{cursor}");
            seen.AddRange(page.Data().Select(customer => customer.Id()));
            more = page["has_more"]!.GetValue<bool>();
            cursor = $"&starting_after={seen[^1]}";
        }
        Assert.Equal(ids.Reverse(), seen);
    }

    [Fact]
    public async Task List_EndingBefore_GivesThePageJustBeforeTheCursor()
    {
        var (api, ids) = await WithCustomersAsync(8);

        var page = await api.GetAsync($"/v1/customers?limit=3&ending_before={ids[1]}");

        Assert.Equal([ids[4], ids[3], ids[2]], page.Data().Select(customer => customer.Id()));
        Assert.True(page["has_more"]!.GetValue<bool>());
        Assert.Equal("/v1/customers", page.Text("url"));
    }

    [Theory]
    [InlineData("limit=0", "parameter_invalid_integer")]
    [InlineData("limit=101", "parameter_invalid_integer")]
    [InlineData("starting_after=cus_none", "resource_missing")]
    [InlineData("colour=red", "parameter_unknown")]
    [InlineData("starting_after=a&ending_before=b", "parameters_exclusive")]
    public async Task List_WrongParameter_Is400(string query, string code)
    {
        var answer = await shared.NewAccount().SendAsync(HttpMethod.Get, "/v1/customers?" + query);
        Assert.Equal((400, code), ((int)answer.Status, answer.Error.Text("code")));
    }

    [Fact]
    public async Task List_Filters_ByEmailAndCreation()
    {
        var api = shared.NewAccount();
        var customer = await api.PostAsync("/v1/customers", ("email", "one@example.com"));
        await api.PostAsync("/v1/customers", ("email", "One@example.com"));
        var created = customer.Number("created");

        Assert.Equal(customer.Id(), (await api.GetAsync("/v1/customers?email=one@example.com")).Data().Single().Id());
        Assert.Equal(2, (await api.GetAsync($"/v1/customers?created[gte]={created}&created[lt]={created + 60}")).Data().Length);
        Assert.Empty((await api.GetAsync($"/v1/customers?created[lt]={created}")).Data());
        Assert.NotEmpty((await api.GetAsync($"/v1/customers?created={created}")).Data());
    }

    [Fact]
    public async Task Expand_FourLevelsAndData_AreFollowed()
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync();

        var list = await api.GetAsync("/v1/subscriptions?expand[]=data.customer&expand[]=data.latest_invoice.payments.data.payment.payment_intent.latest_charge&expand[]=data.items.data.price.product");

        var found = list.Data().Single();
        Assert.Equal("buyer@example.com", found["customer"]!.Text("email"));
        Assert.Equal("Pro", found.Item()["price"]!["product"]!.Text("name"));
        Assert.Equal(2000, found["latest_invoice"]!["payments"]!.Data().Single()["payment"]!["payment_intent"]!["latest_charge"]!.Number("amount"));
        Assert.Equal(subscription.Id(), (await api.GetAsync($"/v1/customers/{subscription.Text("customer")}?expand[]=subscriptions"))["subscriptions"]!.Data().Single().Id());
    }

    [Theory]
    [InlineData("/v1/customers?expand[]=default_source")]
    [InlineData("/v1/customers?expand[]=data.email")]
    [InlineData("/v1/prices?expand[]=data.product.name")]
    [InlineData("/v1/events?expand[]=data.data.object.customer")]
    public async Task Expand_WhatCannotBe_Is400(string path)
    {
        var api = shared.NewAccount();
        await api.PriceAsync();
        await api.PostAsync("/v1/customers");
        var answer = await api.SendAsync(HttpMethod.Get, path);

        Assert.Equal(400, (int)answer.Status);
        Assert.StartsWith("This property cannot be expanded (", answer.Error.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Expand_OnPost_Works()
    {
        var api = shared.NewAccount();
        var product = await api.PostAsync("/v1/products", ("name", "Pro"));
        var price = await api.PostAsync("/v1/prices", ("currency", "usd"), ("unit_amount", "5"), ("product", product.Id()), ("expand[]", "product"));
        Assert.Equal("Pro", price["product"]!.Text("name"));
    }

    private async Task<(Api Api, string[] Ids)> WithCustomersAsync(int count)
    {
        var api = shared.NewAccount();
        var ids = new string[count];
        for (var i = 0; i < count; i++)
        {
            ids[i] = (await api.PostAsync("/v1/customers")).Id();
        }

        return (api, ids);
    }
}
