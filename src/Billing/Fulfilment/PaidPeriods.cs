using Billing.Persistence;

namespace Billing.Fulfilment;

/// <summary>What a paid invoice of a subscription pays for (DESIGN rule 6).</summary>
internal static class PaidPeriods
{
    /// <summary>Moves on what is paid through: a maximum, so that order and repetition do not matter.</summary>
    /// <returns>Whether it moved.</returns>
    public static bool Apply(Stripe.Invoice paid, Subscription row)
    {
        var end = Of(paid).Select(period => (DateTime?)period.End).Max();
        if (end is null || end <= row.PaidThrough?.UtcDateTime)
        {
            return false;
        }
        row.PaidThrough = end;
        return true;
    }

    /// <summary>The periods that an invoice is for. Prorations do not count: they only correct one that does.</summary>
    public static IEnumerable<(DateTime Start, DateTime End)> Of(Stripe.Invoice invoice) => invoice.Lines
        .Where(line => line.Parent?.SubscriptionItemDetails is { Proration: false })
        .Select(line => (line.Period.Start, line.Period.End));
}
