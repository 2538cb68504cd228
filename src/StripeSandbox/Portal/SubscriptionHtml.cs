using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Pages;
using StripeSandbox.Resources;
using StripeSandbox.State;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Portal;

/// <summary>A subscription as the pages show it, with what can be done to it.</summary>
internal static class SubscriptionHtml
{
    public static string Section(PortalVisit visit, JsonObject subscription) => $"""
        <section class="card" id="{E(subscription.Id())}" aria-label="Subscription">
          {Items(visit, subscription, "h3")}
          <p>{PortalText.Badge(subscription.Text("status"))} {Outlook(visit, subscription)}</p>
          <div class="actions">{Actions(visit, subscription)}</div>
        </section>
        """;

    /// <summary>What it consists of, an element for each price.</summary>
    public static string Items(PortalVisit visit, JsonObject subscription, string element = "p") => string.Concat(subscription.Elements("items")
        .Select(item => $"<{element}>{E(PortalText.Plan(visit.Tx, visit.Tx.Get(Prices.Type, item.Text("price")), item.Number("quantity")))}</{element}>"));

    public static string RenewForm(PortalVisit visit, JsonObject subscription) =>
        visit.CanRenew ? Button(visit, subscription, "/renew", "Don't cancel subscription") : "";

    // As HTML.
    private static string Outlook(PortalVisit visit, JsonObject subscription)
    {
        var end = PageTime.Day(PortalText.PeriodEnd(subscription));
        if (subscription.NumberOrNull("cancel_at") is { } at)
        {
            return $"Cancels on {PageTime.Day(at)}. Nothing more will be charged.";
        }

        if (ScheduledChange.Find(subscription) is { } change)
        {
            var item = subscription.Elements("items").First(item => item.Id() == change.ItemId);
            var plan = PortalText.Plan(visit.Tx, visit.Tx.Get(Prices.Type, change.PriceId), change.Quantity ?? item.Number("quantity"));
            return $"Changes to {E(plan)} on {PageTime.Day(item.Number("current_period_end"))}.";
        }

        return subscription.Text("status") == "trialing" ? $"Trial ends on {end}, then the first payment is taken." : $"Next invoice on {end}.";
    }

    private static string Actions(PortalVisit visit, JsonObject subscription)
    {
        if (subscription["cancel_at"] is not null)
        {
            return RenewForm(visit, subscription);
        }

        var canSwitch = PlanOffers.MayChange(visit, "price") && PlanOffers.Obstacle(subscription) is null;
        var keep = visit.Allows(PortalVisit.Update) && ScheduledChange.Find(subscription) is not null;
        return (canSwitch ? Link(visit, subscription, "/update", "Update plan", "") : "")
            + (keep ? Button(visit, subscription, "/keep", "Keep current plan") : "")
            + (visit.Allows(PortalVisit.Cancel) ? Link(visit, subscription, "/cancel", "Cancel subscription", " plain") : "");
    }

    private static string Link(PortalVisit visit, JsonObject subscription, string path, string text, string kind) =>
        $"""<a class="button{kind}" href="{E(visit.Path(subscription, path))}">{E(text)}</a> """;

    private static string Button(PortalVisit visit, JsonObject subscription, string path, string text) =>
        $"""<form method="post" action="{E(visit.Path(subscription, path))}">{FormMark.Field(visit, subscription)}<button type="submit">{E(text)}</button></form> """;
}
