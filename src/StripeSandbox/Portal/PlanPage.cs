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
            <section class="card" aria-label="Plans">
              <h2>Now</h2>
              {SubscriptionHtml.Items(visit, subscription)}
              {Offers(visit, subscription)}
            </section>
            {PortalPage.BackLink(visit)}
            """);
    }

    public static HostedPage Confirm(PortalVisit visit, PlanChoice choice, PageError? error = null)
    {
        if (choice.IsCurrent || choice.IsScheduled)
        {
            return PortalPage.Of(visit, "Nothing to change", $"""
                <section class="card">{SubscriptionHtml.Items(visit, choice.Subscription)}</section>
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
        <section class="card">
          <p>This subscription ends on {PageTime.Day(subscription.Number("cancel_at"))}. It can be switched once it goes on.</p>
          <div class="actions">{SubscriptionHtml.RenewForm(visit, subscription)}</div>
        </section>
        {PortalPage.BackLink(visit)}
        """);

    private static string Offers(PortalVisit visit, JsonObject subscription)
    {
        var item = subscription.Elements("items").Single();
        var offers = PlanOffers.Of(visit, subscription).Where(price => price.Id() != item.Text("price")).ToArray();
        return offers.Length == 0 ? "<p>There is no other plan to choose.</p>" : $"""
            <form method="get" action="{E(visit.Path(subscription, "/update"))}">
              <fieldset class="options">
                <legend>Switch to</legend>
                {string.Concat(offers.Select(price =>
                    $"""<label><input type="radio" name="price" value="{E(price.Id())}" required> {E(PortalText.Plan(visit.Tx, price, item.Number("quantity")))}</label>"""))}
              </fieldset>
              <button class="block" type="submit">Continue</button>
            </form>
            """;
    }

    private static string Later(PortalVisit visit, PlanChoice choice)
    {
        var end = PageTime.Day(choice.Item.Number("current_period_end"));
        return $"""
            <section class="card" aria-label="Your new plan">
            <h2>{E(PortalText.Plan(visit.Tx, choice.Price, choice.Quantity))}</h2>
            <p>Takes effect on <strong>{end}</strong>. Until then you keep what you have.</p>
            <p class="due">Amount due today: <strong>{E(Money.Display(0, choice.Price.Text("currency")))}</strong></p>
            <p>Then {E(PortalText.Amount(choice.Price, choice.Quantity))}, starting {end}.</p>
            {Form(visit, choice, null)}
            """;
    }

    private static string Now(PortalVisit visit, PlanChoice choice)
    {
        var preview = PlanPreview.Of(visit, choice);
        var currency = choice.Price.Text("currency");
        return $"""
            <section class="card" aria-label="Your new plan">
            <h2>{E(PortalText.Plan(visit.Tx, choice.Price, choice.Quantity))}</h2>
            <p>Takes effect at once. What you have already paid for and not used is credited.</p>
            {(preview.Invoice is { } invoice ? InvoicePage.Lines(invoice) : "")}
            <p class="due">Amount due today: <strong>{E(Money.Display(preview.DueToday, currency))}</strong></p>
            {(preview.DueToday > 0 && visit.CardOf(choice.Subscription) is { } card ? $"<p>Charged to {E(MethodText.Of(card))}.</p>" : "")}
            {Waiting(preview, currency)}
            <p>Then {E(PortalText.Amount(choice.Price, choice.Quantity))}, next on {PageTime.Day(PortalText.PeriodEnd(preview.After))}.</p>
            {Form(visit, choice, preview)}
            """;
    }

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
          <button class="block" type="submit">{(preview?.DueToday > 0 ? $"Confirm and pay {E(Money.Display(preview.DueToday, choice.Price.Text("currency")))}" : "Confirm")}</button>
        </form>
        </section>
        {(visit.ShowsOverview && PlanOffers.MayChange(visit, "price") ? $"""<p><a href="{E(visit.Path(choice.Subscription, "/update"))}">Choose another plan</a></p>""" : "")}
        {PortalPage.BackLink(visit)}
        """;
}
