using Billing.Setup;
using Billing.StripeCalls;
using Billing.Webhooks;
using Microsoft.Extensions.Options;

namespace Billing.Doctor.Checks;

/// <summary>Whether Stripe sends us every event that we handle, in the shape that we read.</summary>
internal sealed class WebhookCheck([FromKeyedServices(StripeClients.Background)] Stripe.IStripeClient stripe, IOptions<StripeOptions> options) : ICheck
{
    private static readonly string[] Paths = ["/v1/billing/webhook", "/v1/billing/webhooks"];

    public Source Source => Source.Stripe;

    public string Subject => "webhook endpoints";

    public async Task<IReadOnlyList<Finding>> FindAsync(CancellationToken cancellationToken)
    {
        var ours = (await new StripeReads(stripe).EndpointsAsync(cancellationToken)).Where(IsOurs).ToList();
        if (ours.Count == 0)
        {
            return [FindingKinds.WebhookMissing.Found(options.Value.WebhookUrl is { } url
                ? $"Stripe has no webhook endpoint at {url}." : $"Stripe has no webhook endpoint whose URL ends with {Paths[0]}.")];
        }
        var enabled = ours.FindAll(endpoint => endpoint.Status == "enabled");
        if (enabled.Count == 0)
        {
            return [FindingKinds.WebhookDisabled.Found($"The webhook endpoint {ours[0].Id} is {ours[0].Status}: Stripe delivers nothing.")];
        }
        // Several URLs may be several services of one account; one of them that is right is ours.
        return [.. enabled.Select(endpoint => Wrong(endpoint).ToList()).MinBy(wrong => wrong.Count)!, .. Twice(enabled)];
    }

    private bool IsOurs(Stripe.WebhookEndpoint endpoint) => options.Value.WebhookUrl is { } url
        ? endpoint.Url == url
        : Uri.TryCreate(endpoint.Url, UriKind.Absolute, out var address) && Paths.Any(path => address.AbsolutePath.EndsWith(path, StringComparison.Ordinal));

    private IEnumerable<Finding> Wrong(Stripe.WebhookEndpoint endpoint)
    {
        var subject = $"The webhook endpoint {endpoint.Id} at {endpoint.Url}";
        if (!endpoint.EnabledEvents.Contains("*") && EventHandlers.Types.Except(endpoint.EnabledEvents).Order().ToList() is { Count: > 0 } missing)
        {
            yield return FindingKinds.WebhookEvents.Found($"{subject} does not send {string.Join(", ", missing)}.");
        }
        if (endpoint.ApiVersion != Stripe.StripeConfiguration.ApiVersion)
        {
            yield return FindingKinds.WebhookVersion.Found(
                $"{subject} sends events of API version {endpoint.ApiVersion ?? "(the account's)"} and not {Stripe.StripeConfiguration.ApiVersion}.");
        }
        if (Marks.IsSecretUnseen(endpoint))
        {
            yield return FindingKinds.WebhookSecretUnseen.Found($"{subject} was made by a set-up that was interrupted before it showed the signing secret.");
        }
        if (endpoint.Livemode != options.Value.Livemode)
        {
            yield return Modes.Mixed(subject, endpoint.Livemode);
        }
    }

    private static IEnumerable<Finding> Twice(IEnumerable<Stripe.WebhookEndpoint> enabled) =>
        from url in enabled.GroupBy(endpoint => endpoint.Url)
        where url.Count() > 1
        select FindingKinds.WebhookTwice.Found($"{url.Count()} enabled webhook endpoints send to {url.Key}: every event comes as often.");
}
