using Billing.Catalog;
using Billing.Persistence;

namespace Billing.Fulfilment;

/// <summary>Copies a subscription as Stripe shows it into our row. Deciding whether it is new enough is the caller's part.</summary>
internal sealed partial class Snapshots(PlanCatalog catalog, ILogger<Snapshots> log)
{
    /// <param name="state">The org whose subscription it is.</param>
    /// <param name="from">What Stripe shows.</param>
    /// <param name="to">The row.</param>
    /// <param name="seenAt">When Stripe showed it.</param>
    public void Copy(OrgState state, Stripe.Subscription from, Subscription to, DateTimeOffset seenAt)
    {
        var item = MainItem(from, state.SoldPrices);
        to.Status = from.Status;
        to.CurrentPeriodStart = item.CurrentPeriodStart;
        // Items can have different intervals; the subscription runs as long as any (FACTS B.4).
        to.CurrentPeriodEnd = from.Items.Max(i => i.CurrentPeriodEnd);
        to.CancelAtPeriodEnd = from.CancelAtPeriodEnd;
        to.CancelAt = from.CancelAt;
        to.TrialEnd = from.TrialEnd;
        to.EndedAt = from.EndedAt;
        to.CreatedAt = from.Created;
        to.PastDueSince = from.Status == SubscriptionStatus.PastDue
            ? UnpaidSince(to, item.CurrentPeriodStart, seenAt)
            : null;
        CopyPrice(state, item.Price, to);
    }

    /// <summary>
    /// When the unpaid period began, as of the first sight of it: Stripe moves the period on even when it is not paid. A renewal is
    /// unpaid from where the paid time ended; an upgrade in a paid period from when its payment failed, however often that is seen again.
    /// What was paid for since makes it another failure.
    /// </summary>
    public static DateTimeOffset UnpaidSince(Subscription row, DateTimeOffset periodStart, DateTimeOffset seenAt)
    {
        if (row.PastDueSince is { } known && !(row.PaidThrough > known))
        {
            return known;
        }
        var paidUpTo = row.PaidThrough > periodStart ? row.PaidThrough.Value : periodStart;
        return paidUpTo < seenAt ? paidUpTo
            : row.PastDueSince > periodStart ? row.PastDueSince.Value
            : seenAt;
    }

    private void CopyPrice(OrgState state, Stripe.Price price, Subscription to)
    {
        if (catalog.PlanOf(price, state.SoldPrices) is { } plan)
        {
            to.Plan = plan;
        }
        else if (to.PriceId != price.Id)
        {
            // It keeps the plan that it had: a price that maps to no plan downgrades nobody (DESIGN section 4).
            LogUnknownPrice(to.Id, to.OrgId, price.Id, to.Plan);
        }
        to.PriceId = price.Id;
        to.Interval = price.Recurring?.Interval == "year" ? BillingInterval.Annual : BillingInterval.Monthly;
    }

    /// <summary>The item whose plan ranks highest; ours have one item, subscriptions sold by hand may have more.</summary>
    /// <exception cref="InvalidDataException">It has none.</exception>
    public Stripe.SubscriptionItem MainItem(Stripe.Subscription subscription, IReadOnlyDictionary<string, string> soldPrices) =>
        subscription.Items.MaxBy(item => catalog.Rank(catalog.PlanOf(item.Price, soldPrices)))
            ?? throw new InvalidDataException("The subscription has no items.");

    [LoggerMessage(Level = LogLevel.Error, Message =
        "Subscription {SubscriptionId} of org {OrgId} has price {PriceId}, which maps to no plan of the catalog; it keeps plan {Plan}")]
    private partial void LogUnknownPrice(string subscriptionId, string orgId, string priceId, string? plan);
}
