using Billing.Setup.Steps;
using Billing.Webhooks;

namespace Billing.Setup;

/// <summary>What brings the webhook endpoint to the events that are handled and to the pinned API version. Pure.</summary>
internal static class EndpointPlan
{
    /// <param name="endpoints">All of the account; those at another URL are somebody else's.</param>
    /// <param name="url">Where Stripe reaches the service; null: nothing is done.</param>
    public static IEnumerable<Step> Of(IReadOnlyList<Stripe.WebhookEndpoint> endpoints, string? url)
    {
        if (url is null)
        {
            yield return new LeaveAlone("webhook endpoint", "-", "neither --webhook-url nor Stripe:WebhookUrl says where Stripe reaches the service");
            yield break;
        }
        var here = endpoints.Where(endpoint => endpoint.Url == url).ToList();
        // Lists are newest first: of several the oldest stays, whose secret the service is most likely to have.
        var kept = here.LastOrDefault(endpoint => endpoint.ApiVersion == Stripe.StripeConfiguration.ApiVersion && !Marks.IsSecretUnseen(endpoint));
        yield return kept is null ? new CreateEndpoint(url, EventHandlers.Types, here.Count == 0 ? "there is none" : "none at this URL can be kept") : Mend(kept);
        foreach (var other in here.Where(endpoint => endpoint != kept))
        {
            yield return new DeleteEndpoint(other.Id, Marks.IsSecretUnseen(other) ? "a run was interrupted before its secret was shown"
                : kept is null ? $"its API version is {other.ApiVersion ?? "the account's"}, which cannot be changed"
                : $"{kept.Id} has the same URL");
        }
    }

    private static Step Mend(Stripe.WebhookEndpoint kept)
    {
        var why = kept.Status != "enabled" ? $"it is {kept.Status}"
            : !kept.EnabledEvents.ToHashSet().SetEquals(EventHandlers.Types) ? "its events are not those that are handled"
            : null;
        return why is null
            ? new LeaveAlone("webhook endpoint", kept.Id, "it sends what is handled")
            : new MendEndpoint(kept.Id, EventHandlers.Types, why);
    }
}
