using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Billing.Tests.World;

/// <summary>Stands between a host and the sandbox, and lets a test answer in Stripe's place or do something while a call is on its way.</summary>
public sealed class FaultyStripe : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _sandbox;

    private FaultyStripe(WebApplication app, Uri sandbox) => (_app, _sandbox) = (app, new HttpClient { BaseAddress = sandbox });

    /// <summary>True when it answered the call itself.</summary>
    public Func<HttpContext, Task<bool>> Intercept { get; set; } = _ => Task.FromResult(false);

    public Dictionary<string, string?> Settings => new() { ["Stripe:ApiBase"] = _app.Urls.Single() };

    /// <summary>True when the call is carried out and its answer gets lost.</summary>
    public Func<HttpContext, bool> LosesAnswer { get; set; } = _ => false;

    /// <summary>Headers of answers that are not passed on.</summary>
    public HashSet<string> Withheld { get; } = new(["Transfer-Encoding"], StringComparer.OrdinalIgnoreCase);

    public static Task<FaultyStripe> StartAsync(BillingWorld world)
    {
        ArgumentNullException.ThrowIfNull(world);
        return StartAsync(world.Sandbox.Url);
    }

    public static async Task<FaultyStripe> StartAsync(Uri sandbox)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var proxy = new FaultyStripe(app, sandbox);
        app.Run(proxy.ForwardAsync);
        await app.StartAsync();
        return proxy;
    }

    public static async Task<bool> AnswerAsync(HttpContext context, int status, string type)
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(new { error = new { type, message = "made up by a test" } });
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _sandbox.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        if (await Intercept(context))
        {
            return;
        }
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), context.Request.Path + context.Request.QueryString.ToString());
        if (HttpMethods.IsPost(context.Request.Method))
        {
            request.Content = new StreamContent(context.Request.Body);
        }
        foreach (var (name, value) in context.Request.Headers.Where(header => header.Key != "Host"))
        {
            _ = request.Headers.TryAddWithoutValidation(name, value.ToArray())
                || request.Content?.Headers.TryAddWithoutValidation(name, value.ToArray()) == true;
        }
        using var answer = await _sandbox.SendAsync(request);
        if (LosesAnswer(context))
        {
            context.Abort();
            return;
        }
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, value) in answer.Headers.Where(header => !Withheld.Contains(header.Key)))
        {
            context.Response.Headers[name] = value.ToArray();
        }
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await context.Response.Body.WriteAsync(await answer.Content.ReadAsByteArrayAsync());
    }
}
