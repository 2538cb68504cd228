using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace StripeSandbox.Tests.Support;

/// <summary>One account of a sandbox over raw HTTP. Every answer is held to Stripe's schema when that is at hand.</summary>
internal sealed class Api(HttpClient http, string key)
{
    public string Key { get; } = key;

    public Uri Url => http.BaseAddress!;

    public HttpClient Http => http;

    public async Task<JsonObject> GetAsync(string path) => (await SendAsync(HttpMethod.Get, path)).Ok();

    public async Task<JsonObject> PostAsync(string path, params (string Name, string Value)[] form) => (await SendAsync(HttpMethod.Post, path, form)).Ok();

    public async Task<JsonObject> DeleteAsync(string path) => (await SendAsync(HttpMethod.Delete, path)).Ok();

    /// <summary>A request that must be refused; gives the error.</summary>
    public async Task<Answer> RefusedAsync(int status, string path, params (string Name, string Value)[] form)
    {
        var answer = await SendAsync(HttpMethod.Post, path, form);
        Assert.Equal(status, (int)answer.Status);
        return answer;
    }

    public async Task<Answer> SendAsync(HttpMethod method, string path, (string Name, string Value)[]? form = null, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        if (form is { Length: > 0 })
        {
            request.Content = new FormUrlEncodedContent(form.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));
        }

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = await Answer.ReadAsync(response);
        StripeSchema.Instance?.CheckAnswer(method.Method, path, answer);
        return answer;
    }

    /// <summary>All events of the account, oldest first.</summary>
    public async Task<JsonObject[]> EventsAsync() =>
        [.. (await GetAsync("/v1/events?limit=100"))["data"]!.AsArray().Reverse().Select(json => json!.AsObject())];

    public async Task<string[]> EventTypesAsync() => [.. (await EventsAsync()).Select(json => json.Text("type"))];
}

internal sealed record Answer(HttpStatusCode Status, string Body, HttpResponseHeaders Headers)
{
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();

    public JsonObject Error => Json["error"]!.AsObject();

    public static async Task<Answer> ReadAsync(HttpResponseMessage response) =>
        new(response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response.Headers);

    public JsonObject Ok()
    {
        Assert.True(Status == HttpStatusCode.OK, $"{(int)Status}: {Body}");
        return Json;
    }

    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;
}

internal static class Reading
{
    public static string Text(this JsonNode json, string name) => json[name]!.GetValue<string>();

    public static long Number(this JsonNode json, string name) => json[name]!.GetValue<long>();

    public static string Id(this JsonNode json) => json.Text("id");

    public static JsonObject[] Data(this JsonNode list) => [.. list["data"]!.AsArray().Select(json => json!.AsObject())];
}
