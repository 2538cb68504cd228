using Billing.Persistence;

namespace Billing.Fulfilment;

/// <summary>What a paid invoice of a subscription pays for (DESIGN rule 6).</summary>
internal static class PaidPeriods
{
    /// <summary>Takes in the invoice's periods that were not there; order and repetition do not matter.</summary>
    /// <param name="paid">An invoice with status <c>paid</c>.</param>
    /// <param name="row">Its subscription, with its periods.</param>
    /// <returns>Whether there was one.</returns>
    public static bool Apply(Stripe.Invoice paid, Subscription row)
    {
        var added = 0;
        foreach (var period in NewOnes(paid, row))
        {
            row.PaidPeriods.Add(period);
            added++;
            if (row.PriceId != period.PriceId)
            {
                // What it sells is told by the subscription's items, which moved on or are not known yet.
                row.RequestReRead();
            }
        }
        return added > 0;
    }

    /// <summary>Whether nothing of the invoice is missing in the row.</summary>
    public static bool IsTakenIn(Stripe.Invoice paid, Subscription row) => !NewOnes(paid, row).Any();

    /// <summary>When the earliest service period of an invoice starts, or null.</summary>
    public static DateTimeOffset? Start(Stripe.Invoice invoice) => invoice.Lines
        .Where(line => line.Parent?.SubscriptionItemDetails is { Proration: false }).Min(line => (DateTime?)line.Period.Start);

    private static IEnumerable<PaidPeriod> NewOnes(Stripe.Invoice paid, Subscription row) =>
        Of(paid, row).Where(period => !row.PaidPeriods.Exists(known => IsSame(known, period)));

    /// <summary>Lines that give money back pay for nothing.</summary>
    private static IEnumerable<PaidPeriod> Of(Stripe.Invoice invoice, Subscription row) =>
        from line in invoice.Lines
        let item = line.Parent?.SubscriptionItemDetails
        let price = line.Pricing?.PriceDetails?.PriceId
        where item is not null && price is { Length: > 0 } && line.Amount >= 0 && !(item.Proration && line.Amount == 0)
        select new PaidPeriod
        {
            SubscriptionId = row.Id,
            OrgId = row.OrgId,
            InvoiceId = invoice.Id,
            PriceId = price,
            StartsAt = line.Period.Start,
            EndsAt = line.Period.End,
            IsProration = item.Proration,
            InvoicePaid = invoice.AmountPaid,
            Currency = invoice.Currency,
        };

    private static bool IsSame(PaidPeriod one, PaidPeriod other) => Key(one) == Key(other);

    private static (string, string, DateTimeOffset, DateTimeOffset, bool) Key(PaidPeriod period) =>
        (period.InvoiceId, period.PriceId, period.StartsAt, period.EndsAt, period.IsProration);
}
