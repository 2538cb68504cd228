using System.Text;
using System.Text.Json.Nodes;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Reversals;

/// <summary>What tests of refunds and disputes start from, and the hand of the buyer's bank.</summary>
internal static class GivenReversals
{
    /// <summary>A one-time purchase of 20.00, paid by the card; gives the charge.</summary>
    public static async Task<JsonObject> ChargeAsync(this Api api, string card = Given.GoodCard)
    {
        var session = await api.SessionAsync("payment");
        using var paid = await api.PayAsync(session, card, ("email", "buyer@example.com"));
        Assert.Equal(303, (int)paid.StatusCode);
        return (await api.GetAsync("/v1/charges?limit=1")).Data().Single();
    }

    public static Task<JsonObject> RefundAsync(this Api api, JsonObject charge, params (string, string)[] more) =>
        api.PostAsync("/v1/refunds", [("charge", charge.Id()), .. more]);

    public static Task<JsonObject> ChargeAgainAsync(this Api api, JsonObject charge) => api.GetAsync($"/v1/charges/{charge.Id()}");

    public static Task<JsonObject> DisputeAgainAsync(this Api api, JsonObject dispute) => api.GetAsync($"/v1/disputes/{dispute.Id()}");

    public static async Task<JsonObject> DisputeAsync(this Api api, JsonObject charge, string more = "") =>
        (await api.ControlAsync("disputes", $$"""{"charge": "{{charge.Id()}}"{{more}}}""")).Ok();

    /// <summary>win, lose, close or escalate.</summary>
    public static Task<Answer> DecideAsync(this Api api, JsonObject dispute, string outcome) => api.ControlAsync($"disputes/{dispute.Id()}/{outcome}", "");

    public static async Task<Answer> ControlAsync(this Api api, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await api.Http.PostAsync("/_sandbox/" + path, content, TestContext.Current.CancellationToken);
        return await Answer.ReadAsync(response);
    }

    /// <summary>The events since the charge succeeded that tell of refunds, disputes and charges, oldest first.</summary>
    public static async Task<JsonObject[]> AfterwardsAsync(this Api api) =>
        [.. (await api.EventsAsync()).SkipWhile(json => json.Text("type") != "charge.succeeded").Skip(1)
            .Where(json => json.Text("type").StartsWith("charge.", StringComparison.Ordinal) || json.Text("type").StartsWith("refund.", StringComparison.Ordinal))];

    public static async Task<string[]> AfterwardsTypesAsync(this Api api) => [.. (await api.AfterwardsAsync()).Select(json => json.Text("type"))];

    public static bool Flag(this JsonNode json, string name) => json[name]!.GetValue<bool>();
}
