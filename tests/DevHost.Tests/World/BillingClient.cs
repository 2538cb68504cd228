using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace DevHost.Tests.World;

/// <summary>Calls the service of a running DevHost for its demo org.</summary>
internal sealed class BillingClient(ReadyFile ready)
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    public async Task<HttpStatusCode> GetAsync(string path)
    {
        using var response = await Http.GetAsync(new Uri(ready.BillingUrl + path), Eventually.Ct);
        return response.StatusCode;
    }

    /// <summary>What the org has, asked with the key of a role; a key without an org names it.</summary>
    public async Task<JsonObject> StatusAsync(string role = "owner")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, ready.BillingUrl + "/v1/billing/status");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ready.Keys[role]);
        if (role is "service" or "operator")
        {
            request.Headers.Add("Billing-Org", ready.Org);
        }
        using var response = await Http.SendAsync(request, Eventually.Ct);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonObject>(Eventually.Ct))!;
    }

    public async Task<string> PlanAsync() => (string)(await StatusAsync("service"))["plan"]!; // whose limit a waiting test does not reach

    public Task ReachesPlanAsync(string plan) => Eventually.TrueAsync(async () => await PlanAsync() == plan, $"the org is on {plan}");

    /// <summary>Buys pro on the hosted page and waits until the org has it.</summary>
    public async Task BuyProAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, ready.BillingUrl + "/v1/billing/checkout")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", ready.Keys["owner"]) },
            Content = JsonContent.Create(new { plan = "pro" }),
        };
        using var checkout = await Http.SendAsync(request, Eventually.Ct);
        Assert.Equal(HttpStatusCode.OK, checkout.StatusCode);
        var page = (string)(await checkout.Content.ReadFromJsonAsync<JsonObject>(Eventually.Ct))!["url"]!;
        var card = new Dictionary<string, string> { ["card_number"] = "4242424242424242", ["exp"] = "12/40", ["cvc"] = "123" };
        using var paid = await Http.PostAsync(new Uri(page), new FormUrlEncodedContent(card), Eventually.Ct);
        Assert.Equal(HttpStatusCode.SeeOther, paid.StatusCode);
        await ReachesPlanAsync("pro");
    }
}
