using Billing.Catalog;
using Billing.Ledger;
using Billing.Persistence;

namespace Billing.Fulfilment;

/// <summary>Which plan credits an org has paid for: those of the best entitling subscription that is paid for now (DESIGN rule 6).</summary>
internal sealed partial class PaidCredits(PlanCatalog catalog, Standing standing, ILogger<PaidCredits> log)
{
    /// <summary>How far Stripe's clock may be ahead of ours: a period that it has begun may not have begun here.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    /// <summary>Names the plans of periods whose price has become known, and moves on what each subscription is paid through.</summary>
    public static void Resolve(OrgState state)
    {
        foreach (var row in state.Subscriptions)
        {
            foreach (var period in row.PaidPeriods.Where(period => period.Plan is null))
            {
                period.Plan = period.PriceId == row.PriceId ? row.Plan : state.SoldPrices.GetValueOrDefault(period.PriceId);
            }
            var end = row.PaidPeriods.Where(IsPlanPeriod).Max(period => (DateTimeOffset?)period.EndsAt);
            row.PaidThrough = end > row.PaidThrough || row.PaidThrough is null ? end : row.PaidThrough;
        }
    }

    /// <summary>The entitlement now. The credits are those of what was paid for last: an upgrade that is not paid brings none.</summary>
    public Entitlement Of(OrgState state, DateTimeOffset now)
    {
        foreach (var row in standing.Entitling(state.Subscriptions, now).Concat(state.Subscriptions.Where(row => row.Status == SubscriptionStatus.Canceled)))
        {
            // A period takes the place of those before it, also when it is over: what was left of an earlier one was credited at Stripe.
            var whole = row.PaidPeriods.Where(period => IsPlanPeriod(period) && period.StartsAt <= now + Skew).MaxBy(period => (period.StartsAt, period.EndsAt));
            if (whole is null || whole.IsReversed || Until(whole, row) is not { } until || until <= now)
            {
                continue;
            }
            var running = row.PaidPeriods.Where(period => period is { Plan: not null, IsReversed: false }
                && period.StartsAt >= whole.StartsAt && period.StartsAt <= now + Skew && period.EndsAt > now);
            var newest = running.MaxBy(period => (period.StartsAt, catalog.MonthlyCredits(period.Plan)))!;
            if (!catalog.Has(newest.Plan!))
            {
                LogUnknownPlan(row.Id, row.OrgId, newest.Plan!);
            }
            var perMonth = catalog.MonthlyCredits(newest.Plan);
            var upgrade = Math.Max(0, perMonth - catalog.MonthlyCredits(whole.Plan));
            return new Entitlement(perMonth, whole.StartsAt, until, whole.InvoiceId, upgrade, upgrade > 0 ? newest.InvoiceId : null);
        }
        return Entitlement.None;
    }

    /// <summary>
    /// How long a period brings credits: to its end. One that was cut short keeps the month that had begun, whichever is told first, its end or its
    /// payment. Null: it ended before it began.
    /// </summary>
    private static DateTimeOffset? Until(PaidPeriod whole, Subscription row)
    {
        if (row.Status != SubscriptionStatus.Canceled || row.EndedAt >= whole.EndsAt)
        {
            return whole.EndsAt;
        }
        return row.EndedAt >= whole.StartsAt ? GrantMonth.Around(row.EndedAt.Value, whole.StartsAt, whole.EndsAt).End : null;
    }

    private static bool IsPlanPeriod(PaidPeriod period) => period is { IsProration: false, Plan: not null };

    [LoggerMessage(Level = LogLevel.Error, Message =
        "Subscription {SubscriptionId} of org {OrgId} is paid for plan {Plan}, which is not in the catalog: it brings no credits")]
    private partial void LogUnknownPlan(string subscriptionId, string orgId, string plan);
}
