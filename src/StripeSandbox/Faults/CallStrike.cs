using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StripeSandbox.Protocol;

namespace StripeSandbox.Faults;

/// <summary>A fault as it happens to one call.</summary>
internal static class CallStrike
{
    /// <summary>Waits or ends the call as the fault says; whether the caller is still there for an answer.</summary>
    /// <exception cref="StripeError">What the caller is answered instead.</exception>
    public static async Task<bool> MeetAsync(CallFault fault, HttpContext http)
    {
        switch (fault.Kind)
        {
            case CallFaultKind.Slow:
                return await WaitAsync(fault.Wait, http);
            case CallFaultKind.Timeout:
                await WaitAsync(fault.Wait, http);
                http.Abort();
                return false;
            case CallFaultKind.Drop:
                await DropAsync(http);
                return false;
            default:
                throw Refuse(fault, http.Response.Headers);
        }
    }

    private static async Task<bool> WaitAsync(TimeSpan span, HttpContext http)
    {
        // A sandbox that is being stopped waits for its requests.
        var stopping = http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        await Task.Delay(span, TimeProvider.System, over.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        return !over.IsCancellationRequested;
    }

    // Many clients, HttpClient among them, send a request without a body again by themselves when a connection that they reused
    // dies before any byte of an answer: the fault would go unnoticed. So those get the beginning of an answer.
    private static async Task DropAsync(HttpContext http)
    {
        if (http.Request.ContentLength is null or 0)
        {
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = 1000;
            await http.Response.StartAsync(CancellationToken.None);
            await http.Response.BodyWriter.FlushAsync(CancellationToken.None);
        }

        http.Abort();
    }

    private static StripeError Refuse(CallFault fault, IHeaderDictionary headers)
    {
        if (fault.RetryAfter is { } seconds)
        {
            headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (fault.ShouldRetry is { } retry)
        {
            headers["Stripe-Should-Retry"] = retry ? "true" : "false";
        }

        return fault.Kind switch
        {
            CallFaultKind.RateLimit => RateLimited(headers),
            CallFaultKind.LockTimeout => new(429, "invalid_request_error", "This object cannot be accessed right now because another API request or Stripe process "
                + "is currently accessing it. If you see this error intermittently, retry the request.")
            { Code = "lock_timeout" },
            _ => new(fault.Status, "api_error", "An unknown error occurred. (A fault of the sandbox, on purpose.)"),
        };
    }

    private static StripeError RateLimited(IHeaderDictionary headers)
    {
        headers["Stripe-Rate-Limited-Reason"] = "global-rate";
        return new(429, "invalid_request_error", "Request rate limit exceeded. (A fault of the sandbox, on purpose.)") { Code = "rate_limit" };
    }
}
