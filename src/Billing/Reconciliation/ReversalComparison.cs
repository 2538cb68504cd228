using Billing.Checkout;
using Billing.Persistence;
using Billing.Reversals;
using Microsoft.EntityFrameworkCore;

namespace Billing.Reconciliation;

/// <summary>
/// Compares refunds and disputes that Stripe showed with our rows, and repairs what differs. Their events may be older than the 30 days
/// that Stripe keeps them, or lost for another reason.
/// </summary>
internal sealed class ReversalComparison(
    PaymentOwners owners, SessionSigner signer, ReversalRepair repair, IDbContextFactory<BillingDb> databases)
{
    public async Task<List<Drift>> CompareAsync(ReconciliationRun run, List<ListedReversal> listed, CancellationToken cancellationToken)
    {
        var found = (await FindAsync(run, listed, cancellationToken)).GroupBy(one => one.PaymentId, one => one.Drift).ToList();
        var repaired = run.Repair
            ? await found.EachAsync(async (payment, token) => await RepairAsync(run, payment.Key, [.. payment], token), cancellationToken)
            : [.. found.Select(payment => payment.ToList())];
        return [.. repaired.SelectMany(one => one)];
    }

    private async Task<List<ReversalDrift>> FindAsync(ReconciliationRun run, List<ListedReversal> listed, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var ids = listed.ConvertAll(one => one.Told.Id);
        var rows = await db.Reversals.AsNoTracking().Where(row => ids.Contains(row.Id)).ToDictionaryAsync(row => row.Id, cancellationToken);
        var differing = listed.FindAll(one => rows.TryGetValue(one.Told.Id, out var row)
            ? row.Takes(one.Told) && (row.Amount, row.Status) != (one.Told.Amount, one.Told.Status)
            : one.Told.CreatedAt <= run.EventsTo); // one that was just made is on its way
        var orgs = await OwnersAsync(db, differing, cancellationToken);
        return [.. from one in differing
                   let org = orgs.GetValueOrDefault(one.Payment.Id)
                   where org is not null && (run.OrgId is null || run.OrgId == org)
                   let detail = Detail(one, rows.GetValueOrDefault(one.Told.Id))
                   select new ReversalDrift(one.Payment.Id, new Drift(DriftType.Reversal, org, one.Told.Id, detail))];
    }

    /// <summary>Payment → org, of those that are an org's: by our tables, or as a read of the payment finds out (DESIGN rule 5).</summary>
    private async Task<Dictionary<string, string>> OwnersAsync(BillingDb db, List<ListedReversal> differing, CancellationToken cancellationToken)
    {
        var payments = differing.Select(one => one.Payment).DistinctBy(payment => payment.Id).ToList();
        var (ids, customers) = (payments.ConvertAll(payment => payment.Id), payments.ConvertAll(payment => payment.CustomerId));
        var known = await db.Payments.Where(row => ids.Contains(row.Id) && row.OrgId != null).Select(row => new { row.Id, OrgId = row.OrgId! })
            .Union(db.CheckoutSessions.Where(row => ids.Contains(row.PaymentIntentId!)).Select(row => new { Id = row.PaymentIntentId!, row.OrgId }))
            .Union(db.CreditGrants.Where(row => ids.Contains(row.PaymentIntentId!)).Select(row => new { Id = row.PaymentIntentId!, row.OrgId }))
            .ToListAsync(cancellationToken);
        var orgs = known.DistinctBy(row => row.Id).ToDictionary(row => row.Id, row => row.OrgId);
        var ours = await db.Orgs.Where(org => customers.Contains(org.StripeCustomerId!)).Select(org => org.StripeCustomerId!)
            .ToHashSetAsync(cancellationToken);
        // Only a call to Stripe tells which invoice one paid: not made for the payments of other products on the same account.
        var unknown = payments.FindAll(payment => !orgs.ContainsKey(payment.Id)
            && ((payment.CustomerId is { } customer && ours.Contains(customer)) || signer.Verify(payment.Metadata) is not null));
        var asked = await unknown.EachAsync(async (payment, token) => await OwnerAsync(payment, token), cancellationToken);
        foreach (var (payment, org) in unknown.Zip(asked))
        {
            if (org is not null)
            {
                orgs[payment.Id] = org;
            }
        }
        return orgs;
    }

    private async Task<string?> OwnerAsync(Stripe.PaymentIntent intent, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var payment = new Payment { Id = intent.Id };
        await owners.FindAsync(db, payment, new PaymentFacts(intent, []), cancellationToken);
        return payment.OrgId;
    }

    private static string Detail(ListedReversal one, Reversal? row)
    {
        var kind = EnumWords<ReversalKind>.Of(one.Told.Kind);
        var shown = $"Stripe shows a {kind} of {one.Told.Amount} {one.Payment.Currency} {one.Told.Status}";
        return row is null ? $"{shown}, we do not have it" : $"{shown}, we have {row.Amount} {row.Status}";
    }

    private async Task<List<Drift>> RepairAsync(ReconciliationRun run, string payment, List<Drift> found, CancellationToken cancellationToken)
    {
        var why = await repair.RepairAsync(run, payment, found, cancellationToken);
        return found.ConvertAll(one => why is null ? one.Repaired() : one.Left(why));
    }

    private sealed record ReversalDrift(string PaymentId, Drift Drift);
}
