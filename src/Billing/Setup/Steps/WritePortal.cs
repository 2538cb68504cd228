using Stripe.BillingPortal;

namespace Billing.Setup.Steps;

/// <summary>Makes a portal configuration, or mends one, with the prices that are sold by now.</summary>
/// <param name="Id">Of the one to mend; null: a new one.</param>
internal sealed record WritePortal(string? Id, string Why) : Step(
    Id is null ? StepAction.Create : StepAction.Update, "portal configuration", Id ?? PortalTerms.Name, Why)
{
    public override async Task ApplyAsync(SetupRun run, CancellationToken cancellationToken)
    {
        var (portals, features) = (new ConfigurationService(run.Stripe), PortalTerms.Features(run.Sold.Values));
        run.PortalConfiguration = Id is null
            ? (await portals.CreateAsync(new ConfigurationCreateOptions { Name = PortalTerms.Name, Features = features }, cancellationToken: cancellationToken)).Id
            : (await portals.UpdateAsync(Id, new ConfigurationUpdateOptions { Active = true, Features = features }, cancellationToken: cancellationToken)).Id;
    }
}

internal sealed record LeavePortal(string Id) : Step(StepAction.Leave, "portal configuration", Id, "it offers what the catalog sells")
{
    public override Task ApplyAsync(SetupRun run, CancellationToken cancellationToken)
    {
        run.PortalConfiguration = Id;
        return Task.CompletedTask;
    }
}
