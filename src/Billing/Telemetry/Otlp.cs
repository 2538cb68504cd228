using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Billing.Telemetry;

/// <summary>
/// Traces and metrics over OTLP, as soon as <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where to; without it nothing of it is there, and nobody
/// listens to our instruments. All else is set by OpenTelemetry's own variables, such as <c>OTEL_EXPORTER_OTLP_PROTOCOL</c>, <c>OTEL_SERVICE_NAME</c>
/// and <c>OTEL_TRACES_SAMPLER</c>.
/// </summary>
internal static class Otlp
{
    /// <summary>Of our own instruments and spans.</summary>
    public const string Name = "Billing";

    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly string[] Meters =
        [Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "Npgsql", "System.Runtime"];

    public static ActivitySource Spans { get; } = new(Name);

    public static void AddOtlp(this WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration[Endpoint]))
        {
            return;
        }
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("billing").AddEnvironmentVariableDetector())
            .WithTracing(tracing => tracing
                .AddSource(Name, "Microsoft.AspNetCore", "System.Net.Http", "Npgsql")
                .AddProcessor(new Cleaning())
                .AddOtlpExporter())
            .WithMetrics(metrics => metrics.AddMeter(Meters).AddView(WithoutPoolName).AddOtlpExporter());
    }

    /// <summary>
    /// Npgsql names a pool by its connection string, and that of the intake is another one with each start: it would be a new series each time.
    /// </summary>
    private static MetricStreamConfiguration? WithoutPoolName(System.Diagnostics.Metrics.Instrument instrument) =>
        instrument.Meter.Name == "Npgsql" ? new MetricStreamConfiguration { TagKeys = ["db.client.connection.state", "error.type"] } : null;

    /// <summary>
    /// Leaves out calls that belong to no request and no piece of work, as workers look for work every few seconds; and of the others the
    /// connection string, in which somebody may have kept the password (<c>Persist Security Info</c>).
    /// </summary>
    private sealed class Cleaning : BaseProcessor<Activity>
    {
        public override void OnStart(Activity span)
        {
            if (span is { Kind: ActivityKind.Client, ParentId: null })
            {
                span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
                span.IsAllDataRequested = false;
            }
        }

        public override void OnEnd(Activity span) => span.SetTag("db.npgsql.data_source", null);
    }
}
