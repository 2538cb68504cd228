using Billing.Catalog;
using Billing.Setup.Steps;

namespace Billing.Setup;

/// <summary>
/// Brings a Stripe account to what the service needs: prices, portal configuration, webhook endpoint. Compares first, then does what is
/// missing, one step after the other. Everything is found again by lookup key, mark, name or URL, so a run that was interrupted at any
/// call is completed by the next one, and a run that finds nothing to do changes nothing. One run at a time: two at once may make
/// things twice, of which the next run keeps one.
/// </summary>
internal sealed class AccountSetup(Stripe.IStripeClient stripe, PlanCatalog catalog)
{
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A price that the catalog names by id is missing or charges something else.</exception>
    public async Task<IReadOnlyList<Step>> PlanAsync(SetupScope scope, CancellationToken cancellationToken)
    {
        var state = await StripeState.ReadAsync(new StripeReads(stripe), catalog, cancellationToken);
        return Plan(catalog, state, scope);
    }

    /// <summary>The steps in the order in which they must happen. Pure.</summary>
    public static IReadOnlyList<Step> Plan(PlanCatalog catalog, StripeState state, SetupScope scope)
    {
        var prices = PricePlan.Of(catalog, state.Prices).ToList();
        return
        [
            .. prices,
            PortalPlan.Of(catalog, state, scope.PortalConfiguration, prices.Exists(step => step is CreatePrice)),
            .. scope.ArchivesLeftovers ? PricePlan.Leftovers(catalog, state.Prices) : [],
            .. scope.HasWebhook ? EndpointPlan.Of(state.Endpoints, scope.WebhookUrl) : [],
        ];
    }

    /// <param name="steps">As planned just now.</param>
    /// <param name="showSecret">Gets an endpoint that was made with its signing secret, which Stripe shows only this once.</param>
    /// <param name="done">Hears of each step once it is done.</param>
    /// <param name="cancellationToken">Ends the run between two calls.</param>
    /// <returns>The id for <c>Stripe:PortalConfiguration</c>.</returns>
    public async Task<string> ApplyAsync(
        IEnumerable<Step> steps, Func<Stripe.WebhookEndpoint, Task> showSecret, Func<Step, Task> done, CancellationToken cancellationToken)
    {
        var run = new SetupRun(stripe, showSecret);
        foreach (var step in steps)
        {
            await step.ApplyAsync(run, cancellationToken);
            await done(step);
        }
        return run.PortalConfiguration;
    }

    /// <summary>Prices and portal only, in silence: for a sandbox.</summary>
    /// <returns>The id for <c>Stripe:PortalConfiguration</c>.</returns>
    public async Task<string> EnsureCatalogAsync(CancellationToken cancellationToken)
    {
        var steps = await PlanAsync(new SetupScope { HasWebhook = false, ArchivesLeftovers = false }, cancellationToken);
        return await ApplyAsync(steps, _ => Task.CompletedTask, _ => Task.CompletedTask, cancellationToken);
    }
}

/// <summary>What of an account a set-up may touch.</summary>
internal sealed record SetupScope
{
    /// <summary><c>Stripe:PortalConfiguration</c>; null: the one that an earlier run made.</summary>
    public string? PortalConfiguration { get; init; }

    /// <summary>Where Stripe reaches the service's webhook; null: the endpoints are left alone.</summary>
    public string? WebhookUrl { get; init; }

    /// <summary>Whether the webhook endpoint is any of its business. Default true.</summary>
    public bool HasWebhook { get; init; } = true;

    /// <summary>Whether prices are archived that are marked as ours and not in this catalog. Default true: the account has one catalog.</summary>
    public bool ArchivesLeftovers { get; init; } = true;
}
