using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Stripe.Tests.Server;

/// <summary>A server that records what reaches it and plays a script, one step per request.</summary>
internal sealed class FakeStripe : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<RequestDelegate> _script = new();
    private readonly ConcurrentQueue<RecordedRequest> _requests = new();

    private FakeStripe(WebApplication app) => _app = app;

    public InstantTime Time { get; } = new();

    public RecordedRequest[] Requests => [.. _requests];

    public RecordedRequest Request => Assert.Single(_requests);

    public string Url => _app.Services.GetRequiredService<IServer>().Features
        .GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();

    public static async Task<FakeStripe> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new FakeStripe(builder.Build());
        server._app.Run(server.HandleAsync);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public StripeClient Client(string apiKey = "sk_test_123", string prefix = "", int retries = 2, HttpClient? via = null) =>
        new(apiKey, httpClient: new SystemNetHttpClient(via, retries, Time), apiBase: Url + prefix);

    public FakeStripe Reply(int status, string body, params (string Name, string Value)[] headers) => Then(async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        foreach (var (name, value) in headers)
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.WriteAsync(body);
    });

    public FakeStripe Ok(string body = """{"id":"cus_1","object":"customer"}""") => Reply(200, body);

    public FakeStripe Abort() => Then(context =>
    {
        context.Abort();
        return Task.CompletedTask;
    });

    public FakeStripe Then(RequestDelegate step)
    {
        _script.Enqueue(step);
        return this;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        _requests.Enqueue(new(
            context.Request.Method,
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await reader.ReadToEndAsync()));
        if (_script.TryDequeue(out var step))
        {
            await step(context);
            return;
        }

        context.Response.StatusCode = 418;
        await context.Response.WriteAsync("""{"error":{"message":"The script has no step for this request."}}""");
    }
}
