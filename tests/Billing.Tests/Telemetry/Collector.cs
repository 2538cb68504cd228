using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Billing.Tests.Telemetry;

/// <summary>Takes in OTLP, over HTTP or gRPC, and keeps the bytes: names and ids are in them as they are.</summary>
internal sealed class Collector : IAsyncDisposable
{
    /// <summary>OpenTelemetry's names of its protocols; the first is what it takes unless told.</summary>
    public const string Grpc = "grpc", Http = "http/protobuf";

    /// <summary>A message in gRPC's frame: not compressed, of no bytes. All fields of OTLP's answers may be left out.</summary>
    private static readonly byte[] EmptyMessage = new byte[5];

    private readonly WebApplication _app;
    private readonly string _protocol;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();

    private Collector(WebApplication app, string protocol) => (_app, _protocol) = (app, protocol);

    public Dictionary<string, string?> Settings => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _app.Urls.Single(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = _protocol == Grpc ? null : _protocol,
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
    };

    public static async Task<Collector> StartAsync(string protocol = Http)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(
            listen => listen.Protocols = protocol == Grpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var collector = new Collector(app, protocol);
        app.Run(collector.ReceiveAsync);
        await app.StartAsync();
        return collector;
    }

    /// <summary>All traces that came, with each byte as a character.</summary>
    public string Traces => Text("/v1/traces", "/opentelemetry.proto.collector.trace.v1.TraceService/Export");

    /// <summary>The same of metrics.</summary>
    public string Metrics => Text("/v1/metrics", "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private string Text(string http, string grpc) =>
        string.Concat(_received.Where(r => r.Path == (_protocol == Grpc ? grpc : http)).Select(r => Encoding.Latin1.GetString(r.Body)));

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _received.Enqueue((context.Request.Path, body.ToArray()));
        if (_protocol == Grpc)
        {
            context.Response.ContentType = "application/grpc";
            context.Response.AppendTrailer("grpc-status", "0");
            await context.Response.Body.WriteAsync(EmptyMessage);
        }
    }
}
