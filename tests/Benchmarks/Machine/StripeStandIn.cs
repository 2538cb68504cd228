using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Benchmarks.Machine;

/// <summary>Answers every call to Stripe with an error and counts it: none may be needed to take in what the benchmark sends.</summary>
internal sealed class StripeStandIn : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _calls;

    private StripeStandIn(WebApplication app) => _app = app;

    public int Calls => _calls;

    public Uri Url => new(_app.Urls.First());

    public static async Task<StripeStandIn> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        var standIn = new StripeStandIn(builder.Build());
        standIn._app.Run(context =>
        {
            Interlocked.Increment(ref standIn._calls);
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return Task.CompletedTask;
        });
        await standIn._app.StartAsync(cancellationToken);
        return standIn;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
