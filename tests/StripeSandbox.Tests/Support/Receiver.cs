using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace StripeSandbox.Tests.Support;

/// <summary>A webhook endpoint that keeps what it gets. <see cref="Answering"/> decides the status, 200 by default.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Received> _received = new();

    private Receiver(WebApplication app) => _app = app;

    public string Url => _app.Urls.First() + "/hook";

    public IReadOnlyList<Received> Received => [.. _received];

    public string[] Types => [.. _received.Select(received => received.Event.Text("type"))];

    public Func<Received, Task<int>> Answering { get; set; } = _ => Task.FromResult(200);

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.Run(receiver.ReceiveAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>Registers with the account; gives the endpoint, its secret included.</summary>
    public async Task<JsonObject> RegisterAsync(Api api, params string[] events) => await api.PostAsync("/v1/webhook_endpoints",
        [("url", Url), .. (events.Length == 0 ? ["*"] : events).Select((name, i) => ($"enabled_events[{i}]", name))]);

    public Task HasAsync(int count) => Eventually.HoldsAsync(() => _received.Count >= count, $"{count} deliveries arrived (types: {string.Join(", ", Types)})");

    public Task HasAsync(string type) => Eventually.HoldsAsync(() => Types.Contains(type), $"{type} arrived (types: {string.Join(", ", Types)})");

    private async Task ReceiveAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(http.RequestAborted);
        var received = new Received(body, http.Request.Headers["Stripe-Signature"].ToString(), http.Request.ContentType!);
        _received.Enqueue(received);
        var status = await Answering(received);
        http.Response.StatusCode = status;
        if (status is 302)
        {
            http.Response.Headers.Location = Url;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

internal sealed record Received(string Body, string Signature, string ContentType)
{
    public JsonObject Event => JsonNode.Parse(Body)!.AsObject();

    public long SignedAt => long.Parse(Signature.Split(',')[0]["t=".Length..], System.Globalization.CultureInfo.InvariantCulture);
}
