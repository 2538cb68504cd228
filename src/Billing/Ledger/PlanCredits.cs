using Billing.Catalog;
using Billing.Persistence;
using Microsoft.Extensions.Options;

namespace Billing.Ledger;

/// <summary>Gives the credits of the running month of a paid plan; months of an org never overlap (DESIGN rule 6).</summary>
internal sealed class PlanCredits(CreditLedger ledger, PlanCatalog catalog, IOptions<BillingOptions> options, TimeProvider time)
{
    /// <summary>Gives them if they are due and were not given. The org's row is locked; the counting subscription is null on the free plan.</summary>
    public async Task IssueAsync(BillingDb db, Org org, Subscription? counting, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var isPaid = counting?.PaidThrough > now && counting.CurrentPeriodStart <= now;
        if (!isPaid || org.GrantMonthEnd > now || catalog.MonthlyCredits(counting!.Plan) is not (> 0 and var credits))
        {
            return;
        }

        var month = GrantMonth.Around(now, counting.CurrentPeriodStart!.Value);
        if (org.GrantMonthEnd > month.Start)
        {
            month = month with { Start = org.GrantMonthEnd.Value };
        }
        (org.GrantMonthStart, org.GrantMonthEnd) = (month.Start, month.End);
        await ledger.ExpirePlanCreditsAsync(db, org, cancellationToken);
        await ledger.GrantAsync(db, org, NewGrant.PlanMonth(month, credits, counting.Id, options.Value.RenewalGrace), cancellationToken);
    }
}
