using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Resources;
using StripeSandbox.State;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Portal;

/// <summary>A subscription as the pages show it, with what can be done to it.</summary>
internal static class SubscriptionHtml
{
    public static string Section(PortalVisit visit, JsonObject subscription) => $"""
        <section id="{E(subscription.Id())}">
          {Items(visit, subscription)}
          <p><span class="status">{E(PortalText.Status(subscription.Text("status")))}</span> {E(Outlook(visit, subscription))}</p>
          {Actions(visit, subscription)}
        </section>
        """;

    /// <summary>What it consists of, a heading for each price.</summary>
    public static string Items(PortalVisit visit, JsonObject subscription) => string.Concat(subscription.Elements("items")
        .Select(item => $"<h3>{E(PortalText.Plan(visit.Tx, visit.Tx.Get(Prices.Type, item.Text("price")), item.Number("quantity")))}</h3>"));

    public static string RenewForm(PortalVisit visit, JsonObject subscription) =>
        visit.CanRenew ? Button(visit, subscription, "/renew", "Don't cancel subscription") : "";

    private static string Outlook(PortalVisit visit, JsonObject subscription)
    {
        var end = PortalText.Date(PortalText.PeriodEnd(subscription));
        if (subscription.NumberOrNull("cancel_at") is { } at)
        {
            return $"Cancels on {PortalText.Date(at)}.";
        }

        if (ScheduledChange.Find(subscription) is { } change)
        {
            var item = subscription.Elements("items").First(item => item.Id() == change.ItemId);
            return $"Changes to {PortalText.Plan(visit.Tx, visit.Tx.Get(Prices.Type, change.PriceId), change.Quantity ?? item.Number("quantity"))} on {PortalText.Date(item.Number("current_period_end"))}.";
        }

        return subscription.Text("status") == "trialing" ? $"Trial ends on {end}." : $"Next invoice on {end}.";
    }

    private static string Actions(PortalVisit visit, JsonObject subscription)
    {
        if (subscription["cancel_at"] is not null)
        {
            return RenewForm(visit, subscription);
        }

        var canSwitch = PlanOffers.MayChange(visit, "price") && PlanOffers.Obstacle(subscription) is null;
        var keep = visit.Allows(PortalVisit.Update) && ScheduledChange.Find(subscription) is not null;
        return (canSwitch ? Link(visit, subscription, "/update", "Update plan") : "")
            + (keep ? Button(visit, subscription, "/keep", "Keep current plan") : "")
            + (visit.Allows(PortalVisit.Cancel) ? Link(visit, subscription, "/cancel", "Cancel subscription") : "");
    }

    private static string Link(PortalVisit visit, JsonObject subscription, string path, string text) =>
        $"""<a class="button" href="{E(visit.Path(subscription, path))}">{E(text)}</a> """;

    private static string Button(PortalVisit visit, JsonObject subscription, string path, string text) =>
        $"""<form class="inline" method="post" action="{E(visit.Path(subscription, path))}">{FormMark.Field(visit, subscription)}<button type="submit">{E(text)}</button></form> """;
}
