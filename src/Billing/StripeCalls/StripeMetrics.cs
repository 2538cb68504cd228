using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Billing.Telemetry;

namespace Billing.StripeCalls;

/// <summary>How long Stripe takes to answer, and what it answers, by operation. Each attempt counts.</summary>
internal static class StripeMetrics
{
    private static readonly Meter Meter = new(Otlp.Name);

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "billing.stripe.duration", "s", "Attempts of calls to Stripe by operation, caller and status (none: no answer).",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25] });

    /// <summary>Everything else in a path is an id, so that there are as many operations as Stripe has that we use.</summary>
    private static readonly HashSet<string> Words =
    [
        "v1", "billing_portal", "charges", "checkout", "configurations", "customers", "disputes", "events", "expire", "invoice_payments",
        "invoices", "payment_intents", "prices", "products", "refunds", "sessions", "subscriptions", "webhook_endpoints",
    ];

    /// <param name="started">A timestamp of <see cref="Stopwatch"/>.</param>
    /// <param name="request">The call.</param>
    /// <param name="response">Null: no answer came.</param>
    /// <param name="isBackground">Whether nobody waits for it.</param>
    public static void Record(long started, HttpRequestMessage request, HttpResponseMessage? response, bool isBackground)
    {
        if (Duration.Enabled)
        {
            var status = response is null ? "none" : ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
            Duration.Record(
                Stopwatch.GetElapsedTime(started).TotalSeconds,
                new KeyValuePair<string, object?>("operation", Operation(request)),
                new KeyValuePair<string, object?>("caller", isBackground ? "background" : "request"),
                new KeyValuePair<string, object?>("status", status));
        }
    }

    /// <summary>Such as <c>GET /v1/subscriptions/{id}</c>.</summary>
    internal static string Operation(HttpRequestMessage request)
    {
        var segments = request.RequestUri!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return $"{request.Method.Method} /{string.Join('/', segments.Select(segment => Words.Contains(segment) ? segment : "{id}"))}";
    }
}
