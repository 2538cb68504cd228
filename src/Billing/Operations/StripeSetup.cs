using Billing.Api;
using Billing.Persistence;
using Billing.Setup;
using Billing.Setup.Steps;
using Billing.StripeCalls;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Billing.Operations;

/// <summary>A set-up of the Stripe account over HTTP, with <c>Stripe:SetupKey</c> if hosts have it, else with their own key.</summary>
internal sealed partial class StripeSetup(
    IOptions<StripeOptions> stripe, IOptions<BillingOptions> billing, IDbContextFactory<BillingDb> databases, OperatorAudit audit, ILogger<StripeSetup> log)
{
    /// <summary>For all steps together; as many as a catalog has take seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <returns>409 <c>setup_refused</c> if the catalog or the address cannot be set up as they are.</returns>
    public async Task<Result<SetupResponse>> RunAsync(SetupRequest wanted, Operator by, CancellationToken cancellationToken)
    {
        try
        {
            var settings = SetupSettings.Of(stripe.Value, billing.Value);
            using var http = new HttpClient(StripeClients.Connections()) { Timeout = settings.Options.Timeout };
            var setup = new AccountSetup(settings.Client(http), settings.Catalog);
            var steps = await setup.PlanAsync(settings.Scope(wanted.WebhookUrl), cancellationToken);
            return wanted.DryRun ? new SetupResponse(Done: false, Answer(steps), null, null) : await ApplyAsync(setup, steps, by, cancellationToken);
        }
        catch (OptionsValidationException wrong)
        {
            return ApiError.Conflict("setup_refused", string.Join(' ', wrong.Failures));
        }
    }

    private async Task<Result<SetupResponse>> ApplyAsync(AccountSetup setup, IReadOnlyList<Step> steps, Operator by, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await audit.NoteAsync(db, steps, by, cancellationToken);
        string? secret = null;
        // Not the caller's token: a secret that Stripe has shown is answered, and nothing is left half done because somebody hung up.
        using var bounded = new CancellationTokenSource(Patience);
        try
        {
            var portal = await setup.ApplyAsync(steps, Keep, _ => Task.CompletedTask, bounded.Token);
            return new SetupResponse(Done: true, Answer(steps), portal, secret);
        }
        catch (Exception broken) when (secret is not null)
        {
            LogBroken(broken);
            return new SetupResponse(Done: false, Answer(steps), null, secret); // whatever came after: the only time that it can be seen
        }
        catch (OperationCanceledException)
        {
            return ApiError.Unavailable("The payment provider took too long. Try again; it goes on from there.");
        }

        Task Keep(Stripe.WebhookEndpoint made)
        {
            secret = made.Secret;
            return Task.CompletedTask;
        }
    }

    private static List<SetupStep> Answer(IReadOnlyList<Step> steps) => [.. steps.Select(SetupStep.Of)];

    [LoggerMessage(Level = LogLevel.Warning, Message = "The set-up ended early, after a webhook secret had been shown; the next one completes it")]
    private partial void LogBroken(Exception exception);
}
