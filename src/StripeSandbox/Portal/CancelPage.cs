using System.Text.Json.Nodes;
using StripeSandbox.Pages;
using StripeSandbox.State;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Portal;

/// <summary>Asks before a subscription is cancelled: when it ends, and, if the configuration wants to know, why.</summary>
internal static class CancelPage
{
    public static HostedPage Show(PortalVisit visit, string subscriptionId)
    {
        visit.Require(PortalVisit.Cancel, subscriptionId);
        var subscription = visit.LiveSubscription(subscriptionId);
        if (subscription.NumberOrNull("cancel_at") is { } at)
        {
            return PortalPage.Of(visit, "Already cancelled", $"""
                <section class="card">
                  <p>This subscription ends on {PageTime.Day(at)}.</p>
                  <div class="actions">{SubscriptionHtml.RenewForm(visit, subscription)}</div>
                </section>
                {PortalPage.BackLink(visit)}
                """);
        }

        return PortalPage.Of(visit, "Cancel subscription", $"""
            <section class="card" aria-label="Cancellation">
              {SubscriptionHtml.Items(visit, subscription, "h2")}
              <p>{Consequence(visit, subscription)}</p>
              <form method="post" action="{E(visit.Path(subscription, "/cancel"))}">
                {FormMark.Field(visit, subscription)}
                {ReasonFields(visit)}
                <button class="block danger" type="submit">Cancel subscription</button>
              </form>
            </section>
            {PortalPage.BackLink(visit, "Keep it and go back")}
            """);
    }

    // As HTML.
    private static string Consequence(PortalVisit visit, JsonObject subscription)
    {
        if (!PortalCancellation.IsAtOnce(visit))
        {
            return $"It stays as it is until {PageTime.Day(PortalText.PeriodEnd(subscription))} and then ends. Nothing more will be charged.";
        }

        var credited = visit.Feature(PortalVisit.Cancel).Text("proration_behavior") != "none";
        return "It ends at once. " + (credited ? "The unused time is credited to your account; nothing is refunded." : "The unused time is not refunded.");
    }

    private static string ReasonFields(PortalVisit visit)
    {
        var reasons = PortalCancellation.Reasons(visit);
        return reasons.Length == 0 ? "" : $"""
            <div class="field"><label for="feedback">Why are you cancelling? (optional)</label>
            <select id="feedback" name="feedback">
              <option value=""></option>
              {string.Concat(reasons.Select(reason => $"""<option value="{E(reason)}">{E(PortalText.Status(reason))}</option>"""))}
            </select></div>
            <div class="field"><label for="comment">Anything else? (optional)</label>
            <textarea id="comment" name="comment" maxlength="5000"></textarea></div>
            """;
    }
}
