namespace Billing.Setup.Steps;

/// <summary>Makes a webhook endpoint, has its secret shown, and then marks that it was.</summary>
internal sealed record CreateEndpoint(string Url, IReadOnlyCollection<string> Events, string Why) : Step(StepAction.Create, "webhook endpoint", Url, Why)
{
    public override async Task ApplyAsync(SetupRun run, CancellationToken cancellationToken)
    {
        var endpoints = new Stripe.WebhookEndpointService(run.Stripe);
        var create = new Stripe.WebhookEndpointCreateOptions
        {
            Url = Url,
            EnabledEvents = [.. Events],
            ApiVersion = Stripe.StripeConfiguration.ApiVersion,
            Description = "Billing service",
            Metadata = new() { [Marks.Secret] = Marks.Pending },
        };
        var made = await endpoints.CreateAsync(create, cancellationToken: cancellationToken);
        await run.ShowSecretAsync(made);
        var shown = new Stripe.WebhookEndpointUpdateOptions { Metadata = new() { [Marks.Secret] = Marks.Shown } };
        await endpoints.UpdateAsync(made.Id, shown, cancellationToken: cancellationToken);
    }
}

/// <summary>Has an endpoint send what the service handles; its secret and its API version stay as they are.</summary>
internal sealed record MendEndpoint(string Id, IReadOnlyCollection<string> Events, string Why) : Step(StepAction.Update, "webhook endpoint", Id, Why)
{
    public override Task ApplyAsync(SetupRun run, CancellationToken cancellationToken) => new Stripe.WebhookEndpointService(run.Stripe).UpdateAsync(
        Id, new Stripe.WebhookEndpointUpdateOptions { EnabledEvents = [.. Events], Disabled = false }, cancellationToken: cancellationToken);
}

/// <summary>Ends an endpoint that another at the same URL has replaced. Events that it had still to deliver are found by the reconciler.</summary>
internal sealed record DeleteEndpoint(string Id, string Why) : Step(StepAction.Delete, "webhook endpoint", Id, Why)
{
    public override Task ApplyAsync(SetupRun run, CancellationToken cancellationToken) =>
        new Stripe.WebhookEndpointService(run.Stripe).DeleteAsync(Id, cancellationToken: cancellationToken);
}
