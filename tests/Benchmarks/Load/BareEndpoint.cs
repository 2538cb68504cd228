using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Benchmarks.Load;

/// <summary>
/// A web server that reads a body and says yes, or says what a status looks like: the limit of every call, and how fast the load generator is
/// when the host costs nothing.
/// </summary>
internal static class BareEndpoint
{
    public static async Task<int> RunAsync(string url, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", url]);
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        await using var app = builder.Build();
        app.MapPost("/", AnswerAsync);
        app.MapGet("/", ShowAsync);
        await app.StartAsync(cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    private static readonly byte[] Status = [.. """
        {"plan":"pro","status":"active","interval":"monthly","current_period_end":"2026-12-24T20:00:00+00:00","cancel_at_period_end":false,"cancel_at":null,"trial_end":null,"credits":999999991}
        """u8];

    private static async Task ShowAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = Status.Length;
        await context.Response.BodyWriter.WriteAsync(Status, context.RequestAborted);
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = 17;
        await context.Response.BodyWriter.WriteAsync("{\"received\":true}"u8.ToArray(), context.RequestAborted);
    }
}
