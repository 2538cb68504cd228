using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.State;

public sealed class ConcurrencyTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    [Fact]
    public async Task Object_ChangedByManyAtOnce_LosesNoChange()
    {
        var api = shared.NewAccount();
        var customer = await api.PostAsync("/v1/customers");

        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => api.PostAsync($"/v1/customers/{customer.Id()}", ($"metadata[k{i}]", "v"))));

        Assert.Equal(50, (await api.GetAsync($"/v1/customers/{customer.Id()}"))["metadata"]!.AsObject().Count);
        Assert.Equal(51, (await api.EventsAsync()).Length);
    }

    [Fact]
    public async Task LookupKey_TransferredByManyAtOnce_HasOneHolder()
    {
        var api = shared.NewAccount();
        var product = await api.PostAsync("/v1/products", ("name", "Pro"));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => api.PostAsync("/v1/prices", ("currency", "usd"), ("unit_amount", "1"), ("product", product.Id()),
            ("lookup_key", "pro"), ("transfer_lookup_key", "true"))));

        Assert.Single((await api.GetAsync("/v1/prices?lookup_keys[]=pro")).Data());
        Assert.Equal(20, (await api.GetAsync("/v1/prices?limit=100")).Data().Length);
    }

    [Fact]
    public async Task Session_PaidAndExpiredAtOnce_EndsInOneOfTheTwo()
    {
        var api = shared.NewAccount();
        for (var i = 0; i < 10; i++)
        {
            var session = await api.SessionAsync();
            var paying = api.PayAsync(session);
            var expiring = api.SendAsync(HttpMethod.Post, $"/v1/checkout/sessions/{session.Id()}/expire");
            using var paid = await paying;
            var expired = (int)(await expiring).Status == 200;

            session = await api.GetAsync($"/v1/checkout/sessions/{session.Id()}");
            Assert.NotEqual((int)paid.StatusCode == 303, expired);
            Assert.Equal(expired ? "expired" : "complete", session.Text("status"));
            Assert.Equal(expired, session["subscription"] is null);
        }
    }
}
