using System.Globalization;
using Billing.Catalog;
using Billing.Fulfilment;
using Billing.Persistence;

namespace Billing.Reconciliation;

/// <summary>In what our row of a subscription differs from what Stripe shows; in all that <see cref="Snapshots"/> copies and that decides something.</summary>
internal sealed class SubscriptionDrift(Snapshots snapshots, PlanCatalog catalog)
{
    /// <param name="found">As Stripe shows it.</param>
    /// <param name="row">With its paid periods.</param>
    /// <param name="soldPrices">The org's.</param>
    public IEnumerable<(DriftType Type, string Detail)> Of(
        Stripe.Subscription found, Subscription row, IReadOnlyDictionary<string, string> soldPrices)
    {
        if (row.Status != found.Status)
        {
            yield return (DriftType.Status, $"Stripe shows {found.Status}, we have {row.Status ?? "nothing"}");
        }
        // Nothing of one that has ended decides anything any more; and one that was never read differs in everything.
        if (SubscriptionStatus.IsFinal(found.Status) || row.Status is null || !found.Items.Any())
        {
            yield break;
        }
        var item = snapshots.MainItem(found, soldPrices);
        if (item.Price.Id != row.PriceId || (catalog.PlanOf(item.Price, soldPrices) is { } plan && plan != row.Plan))
        {
            yield return (DriftType.Plan, $"Stripe shows price {item.Price.Id}, we have {row.PriceId} for {row.Plan ?? "no plan"}");
        }
        if (WhichTimes(found, item, row) is { Count: > 0 } differ)
        {
            yield return (DriftType.Period, string.Join(", ", differ));
        }
        if (found.LatestInvoice is { Status: "paid" } paid && !PaidPeriods.IsTakenIn(paid, row))
        {
            yield return (DriftType.UnbookedInvoice, $"invoice {paid.Id} is paid");
        }
    }

    /// <summary>Whether it sells a plan of ours, so that it must have a row.</summary>
    public bool SellsAPlan(Stripe.Subscription found, IReadOnlyDictionary<string, string> soldPrices) =>
        found.Items.Any(item => catalog.PlanOf(item.Price, soldPrices) is not null);

    private static List<string> WhichTimes(Stripe.Subscription found, Stripe.SubscriptionItem item, Subscription row)
    {
        var differ = new List<string>();
        Compare("period start", item.CurrentPeriodStart, row.CurrentPeriodStart);
        Compare("period end", found.Items.Max(i => i.CurrentPeriodEnd), row.CurrentPeriodEnd);
        Compare("cancel at", found.CancelAt, row.CancelAt);
        Compare("trial end", found.TrialEnd, row.TrialEnd);
        if (found.CancelAtPeriodEnd != row.CancelAtPeriodEnd)
        {
            differ.Add($"cancel at period end {found.CancelAtPeriodEnd}, we have {row.CancelAtPeriodEnd}");
        }
        return differ;

        void Compare(string what, DateTimeOffset? stripes, DateTimeOffset? ours)
        {
            if (stripes != ours)
            {
                differ.Add(string.Create(CultureInfo.InvariantCulture, $"{what} {stripes:u}, we have {ours:u}"));
            }
        }
    }
}
