using Microsoft.Extensions.Options;

namespace Billing.Doctor;

/// <summary>
/// The checks once, in the background of a host that has begun to serve: a line in the log for each finding. It stops no host and delays
/// no answer. In development nothing is more than a warning.
/// </summary>
internal sealed partial class CheckAtStart(
    Checkup checkup, IOptions<BillingOptions> options, IHostEnvironment environment, IHostApplicationLifetime lifetime, ILogger<CheckAtStart> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.CheckAtStart)
        {
            return;
        }
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var whenStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        try
        {
            await started.Task.WaitAsync(stoppingToken);
            foreach (var finding in await checkup.RunAsync(stoppingToken))
            {
                LogFinding(LevelOf(finding.Kind.Severity), finding.Kind.Code, finding.Wrong, finding.Kind.Fix);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            LogFailed(failure); // the host serves on without
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private LogLevel LevelOf(Severity severity) =>
        severity == Severity.Error && !environment.IsDevelopment() ? LogLevel.Error : LogLevel.Warning;

    [LoggerMessage(Message = "Configuration: {FindingCode}: {Wrong} {Fix}")]
    private partial void LogFinding(LogLevel level, string findingCode, string wrong, string fix);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The configuration could not be checked")]
    private partial void LogFailed(Exception exception);
}
