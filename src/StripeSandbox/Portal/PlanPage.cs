using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Checkout;
using StripeSandbox.Pages;
using StripeSandbox.State;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Portal;

/// <summary>The pages of a switch: what there is to choose, and what the choice costs and when it takes effect.</summary>
internal static class PlanPage
{
    public static HostedPage Choose(PortalVisit visit, string subscriptionId)
    {
        visit.Require(PortalVisit.Update, subscriptionId);
        var subscription = visit.LiveSubscription(subscriptionId);
        if (!PlanOffers.MayChange(visit, "price"))
        {
            throw PortalRefusals.Disabled();
        }

        if (PlanOffers.Obstacle(subscription) is { } obstacle)
        {
            throw PortalRefusals.Blocked(obstacle);
        }

        if (subscription["cancel_at"] is not null)
        {
            return RenewFirst(visit, subscription);
        }

        return PortalPage.Of(visit, "Update plan", $"""
            {SubscriptionHtml.Items(visit, subscription)}
            {Offers(visit, subscription)}
            {PortalPage.BackLink(visit)}
            """);
    }

    public static HostedPage Confirm(PortalVisit visit, PlanChoice choice, string? error = null)
    {
        if (choice.IsCurrent || choice.IsScheduled)
        {
            return PortalPage.Of(visit, "Nothing to change", $"""
                {SubscriptionHtml.Items(visit, choice.Subscription)}
                {PortalPage.BackLink(visit)}
                """, error);
        }

        if (choice.Subscription["cancel_at"] is not null)
        {
            return RenewFirst(visit, choice.Subscription);
        }

        return PortalPage.Of(visit, "Confirm your update", PlanTiming.IsAtPeriodEnd(visit, choice) ? Later(visit, choice) : Now(visit, choice), error);
    }

    private static HostedPage RenewFirst(PortalVisit visit, JsonObject subscription) => PortalPage.Of(visit, "Undo the cancellation first", $"""
        <p>This subscription ends on {E(PortalText.Date(subscription.Number("cancel_at")))}. It can be switched once it goes on.</p>
        {SubscriptionHtml.RenewForm(visit, subscription)}
        {PortalPage.BackLink(visit)}
        """);

    private static string Offers(PortalVisit visit, JsonObject subscription)
    {
        var item = subscription.Elements("items").Single();
        var offers = PlanOffers.Of(visit, subscription).Where(price => price.Id() != item.Text("price")).ToArray();
        return offers.Length == 0 ? "<p>There is no other plan to choose.</p>" : $"""
            <form method="get" action="{E(visit.Path(subscription, "/update"))}">
              {string.Concat(offers.Select(price =>
                  $"""<label class="choice"><input type="radio" name="price" value="{E(price.Id())}" required> {E(PortalText.Plan(visit.Tx, price, item.Number("quantity")))}</label>"""))}
              <button type="submit">Continue</button>
            </form>
            """;
    }

    private static string Later(PortalVisit visit, PlanChoice choice)
    {
        var end = PortalText.Date(choice.Item.Number("current_period_end"));
        return $"""
            <p>{E(PortalText.Plan(visit.Tx, choice.Price, choice.Quantity))}</p>
            <p>Takes effect on <strong>{E(end)}</strong>. Until then you keep what you have.</p>
            <p class="total">Amount due today: <strong>{E(Money.Display(0, choice.Price.Text("currency")))}</strong></p>
            <p>Then {E(PortalText.Amount(choice.Price, choice.Quantity))}, starting {E(end)}.</p>
            {Form(visit, choice, null)}
            """;
    }

    private static string Now(PortalVisit visit, PlanChoice choice)
    {
        var preview = PlanPreview.Of(visit, choice);
        var currency = choice.Price.Text("currency");
        return $"""
            <p>{E(PortalText.Plan(visit.Tx, choice.Price, choice.Quantity))}. Takes effect at once.</p>
            {(preview.Invoice is { } invoice ? Lines(invoice) : "")}
            <p class="total">Amount due today: <strong>{E(Money.Display(preview.DueToday, currency))}</strong></p>
            {(preview.DueToday > 0 && visit.CardOf(choice.Subscription) is { } card ? $"<p>Charged to {E(MethodText.Of(card))}.</p>" : "")}
            {Waiting(preview, currency)}
            <p>Then {E(PortalText.Amount(choice.Price, choice.Quantity))}, next on {E(PortalText.Date(PortalText.PeriodEnd(preview.After)))}.</p>
            {Form(visit, choice, preview)}
            """;
    }

    private static string Lines(JsonObject invoice)
    {
        var currency = invoice.Text("currency");
        var balance = invoice.Number("amount_due") - invoice.Number("total");
        return $"""
            <table>
              <tbody>{string.Concat(invoice.Elements("lines").Select(line => Row(line.TextOrNull("description"), line.Number("amount"), currency)))}</tbody>
              <tfoot>{Row("Total", invoice.Number("total"), currency)}{(balance == 0 ? "" : Row(balance > 0 && invoice.Number("total") < 0 ? "Kept as credit" : "Account balance", balance, currency))}</tfoot>
            </table>
            """;
    }

    private static string Row(string? name, long amount, string currency) => $"""<tr><td>{E(name)}</td><td class="amount">{E(Money.Display(amount, currency))}</td></tr>""";

    private static string Waiting(PlanPreview preview, string currency) => preview.Waiting switch
    {
        > 0 => $"<p>{E(Money.Display(preview.Waiting, currency))} for the rest of this period is added to your next invoice.</p>",
        < 0 => $"<p>{E(Money.Display(-preview.Waiting, currency))} for the rest of this period is taken off your next invoice.</p>",
        _ => "",
    };

    private static string Form(PortalVisit visit, PlanChoice choice, PlanPreview? preview) => $"""
        <form method="post" action="{E(visit.Path(choice.Subscription, "/update"))}">
          {FormMark.Field(visit, choice.Subscription)}
          <input type="hidden" name="price" value="{E(choice.Price.Id())}">
          {(choice.Quantity == choice.Item.Number("quantity") ? "" : $"""<input type="hidden" name="quantity" value="{choice.Quantity}">""")}
          {(preview is null ? "" : $"""<input type="hidden" name="proration_date" value="{preview.At}">""")}
          <button type="submit">Confirm</button>
        </form>
        {(visit.ShowsOverview && PlanOffers.MayChange(visit, "price") ? $"""<p><a href="{E(visit.Path(choice.Subscription, "/update"))}">Choose another plan</a></p>""" : "")}
        {PortalPage.BackLink(visit)}
        """;
}
