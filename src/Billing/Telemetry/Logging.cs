using Billing.Authentication;
using Serilog;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;
using Serilog.Formatting.Json;
using Serilog.Settings.Configuration;

namespace Billing.Telemetry;

/// <summary>Serilog: readable lines in development, a JSON object per line elsewhere. Levels come from section <c>Serilog</c>.</summary>
internal static class Logging
{
    private const string Readable = "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}{NewLine}{Exception}";

    public static void AddSerilogConsole(this WebApplicationBuilder builder, TextWriter? output)
    {
        var configuration = new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft.AspNetCore", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.EntityFrameworkCore", LogEventLevel.Fatal) // its exceptions reach us anyway
            .MinimumLevel.Override(typeof(ApiKeyAuthentication).FullName!, LogEventLevel.Warning) // the request log says 401 and 403
            .MinimumLevel.Override("System.Net.Http", LogEventLevel.Warning)
            .Enrich.FromLogContext()
            .Filter.ByExcluding(IsOfFrameworksRequestLog)
            .ReadFrom.Configuration(builder.Configuration, ReaderOptions(builder.Configuration));
        configuration = builder.Environment.IsDevelopment() && output is null
            ? configuration.WriteTo.Console(outputTemplate: Readable, formatProvider: null) // in colours
            : configuration.WriteTo.Sink(new ConsoleLines(Formatter(builder.Environment), output ?? StandardOutput()), ConsoleLines.Batches);
        builder.Logging.ClearProviders().AddSerilog(configuration.CreateLogger(), dispose: true);
    }

    /// <summary>Sinks are looked for in all of the program's files, which takes long, only if there are settings of any.</summary>
    private static ConfigurationReaderOptions ReaderOptions(ConfigurationManager settings) =>
        settings.GetSection("Serilog:WriteTo").Exists() ? new() : new(typeof(Log).Assembly);

    /// <summary>Not the console's own writer: it hands 256 bytes at a time to the system, four times a line.</summary>
    private static StreamWriter StandardOutput() => new(Console.OpenStandardOutput(), bufferSize: 64 * 1024);

    private static ITextFormatter Formatter(IHostEnvironment environment) => environment.IsDevelopment()
        ? new MessageTemplateTextFormatter(Readable)
        : new JsonFormatter(renderMessage: true);

    /// <summary>It has query strings, into which a caller may have put a key by mistake; ours has none (<see cref="RequestLog"/>).</summary>
    private static bool IsOfFrameworksRequestLog(LogEvent line) =>
        line.Level < LogEventLevel.Warning
        && line.Properties.TryGetValue("SourceContext", out var source)
        && source is ScalarValue { Value: "Microsoft.AspNetCore.Hosting.Diagnostics" };
}
