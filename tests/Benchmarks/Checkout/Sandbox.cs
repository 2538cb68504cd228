using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Benchmarks.Machine;

namespace Benchmarks.Checkout;

/// <summary>A local Stripe in a process of its own that answers each call after a wait.</summary>
internal sealed class Sandbox : IAsyncDisposable
{
    private readonly ServedProgram _program;
    private readonly HttpClient _http = new();

    private Sandbox(ServedProgram program) => _program = program;

    public Uri Url => _program.Url;

    public TimeSpan ProcessorTime => _program.ProcessorTime;

    /// <summary>How often anything was asked of it, by its log.</summary>
    public int Calls => _program.CountInLog(" /v1/");

    public static async Task<Sandbox> StartAsync(CancellationToken cancellationToken) => new(await ServedProgram.StartAsync(
        typeof(StripeSandbox.SandboxHost).Assembly.Location, ["--url", "http://127.0.0.1:0"], new Dictionary<string, string>(), cancellationToken));

    /// <returns>The id of a monthly price of 29 dollars.</returns>
    public async Task<string> MakePriceAsync(string key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Url, "/v1/prices"))
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["currency"] = "usd",
                ["unit_amount"] = "2900",
                ["recurring[interval]"] = "month",
                ["product_data[name]"] = "Pro",
            }),
        };
        using var answer = await _http.SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return (string)(await answer.Content.ReadFromJsonAsync<JsonObject>(cancellationToken))!["id"]!;
    }

    /// <summary>From now on each call is answered so much later.</summary>
    public async Task AnswerAfterAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        using var answer = await _http.PostAsJsonAsync(
            new Uri(Url, "/_sandbox/faults"), new { on = "call", kind = "slow", wait = wait.TotalSeconds }, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _program.DisposeAsync();
    }
}
