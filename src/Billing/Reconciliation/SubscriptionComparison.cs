using Billing.Catalog;
using Billing.Checkout;
using Billing.Fulfilment;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Reconciliation;

/// <summary>Compares a handful of subscriptions that Stripe showed with our rows, and repairs what differs.</summary>
internal sealed class SubscriptionComparison(
    SubscriptionDrift drift, SubscriptionRepair repair, SessionSigner signer, IDbContextFactory<BillingDb> databases)
{
    public async Task<List<Drift>> CompareAsync(ReconciliationRun run, List<StripeRead> reads, CancellationToken cancellationToken)
    {
        var found = await FindAsync(run, reads, cancellationToken);
        var repaired = run.Repair
            ? await found.GroupBy(d => d.ObjectId).ToList().EachAsync(async (one, token) => await RepairAsync(run, [.. one], token), cancellationToken)
            : [.. found.GroupBy(d => d.ObjectId).Select(one => one.ToList())];
        return [.. repaired.SelectMany(one => one)];
    }

    private async Task<List<Drift>> FindAsync(ReconciliationRun run, List<StripeRead> reads, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var ids = reads.ConvertAll(read => read.Found.Id);
        var rows = await db.Subscriptions.AsNoTracking().Include(s => s.PaidPeriods).Where(s => ids.Contains(s.Id))
            .ToDictionaryAsync(s => s.Id, cancellationToken);
        await db.SightAsync(rows.Keys, cancellationToken);
        var owners = await OwnersAsync(db, reads, rows, cancellationToken);
        var sold = await SoldPrices.OfOrgsAsync(db, [.. owners.Values.Select(owner => owner.Id).Distinct()], cancellationToken);
        var found = (
            from read in reads
            where owners.ContainsKey(read.Found.Id)
            let org = owners[read.Found.Id]
            where run.OrgId is null || run.OrgId == org.Id
            let row = rows.GetValueOrDefault(read.Found.Id)
            where row?.Status is not null || read.Found.Created <= run.EventsTo // one that was just made is on its way, or about to be read
            from one in Compare(read, row, org, sold.GetValueOrDefault(org.Id, SoldPrices.None))
            select one).ToList();
        found.AddRange(run.Repair ? [] : await BesideAnotherAsync(db, found, cancellationToken));
        return found;
    }

    /// <summary>Missing ones beside a live one that we have. Once they are repaired <see cref="TwoLiveSubscriptions"/> finds them in our table.</summary>
    private static async Task<List<Drift>> BesideAnotherAsync(BillingDb db, List<Drift> found, CancellationToken cancellationToken)
    {
        var missing = found.FindAll(drift => drift.Type == DriftType.MissingSubscription);
        var orgs = missing.ConvertAll(drift => drift.OrgId);
        var live = orgs.Count == 0 ? [] : await db.Subscriptions
            .Where(s => orgs.Contains(s.OrgId) && s.Plan != null
                && s.Status != SubscriptionStatus.Canceled && s.Status != SubscriptionStatus.IncompleteExpired)
            .Select(s => new { s.Id, s.OrgId }).ToListAsync(cancellationToken);
        return [.. from drift in missing
                   join one in live on drift.OrgId equals one.OrgId
                   select drift with { Type = DriftType.TwoLiveSubscriptions, Detail = $"it is live beside {one.Id}" }];
    }

    private IEnumerable<Drift> Compare(StripeRead read, Subscription? row, Owner org, IReadOnlyDictionary<string, string> sold)
    {
        var found = read.Found;
        var isLive = !SubscriptionStatus.IsFinal(found.Status);
        if (row is null && isLive && (drift.SellsAPlan(found, sold) || signer.Verify(found.Metadata)?.OrgId == org.Id))
        {
            yield return new Drift(DriftType.MissingSubscription, org.Id, found.Id, $"Stripe shows it {found.Status}, we do not have it");
        }
        // What was surely applied after Stripe answered is newer than the answer.
        if (row is not null && !(row.StateAt > read.AnsweredAt) && !(row.ReadAt > read.AnsweredAt))
        {
            foreach (var (type, detail) in drift.Of(found, row, sold))
            {
                yield return new Drift(type, org.Id, found.Id, detail);
            }
        }
        if (row is not null && isLive && org.CustomerId != found.CustomerId)
        {
            yield return new Drift(
                DriftType.CustomerMismatch, org.Id, found.Id, $"customer {found.CustomerId} pays for it, the org's is {org.CustomerId ?? "none"}");
        }
    }

    /// <summary>As for an event: by our row, by the customer, by the metadata that we signed (DESIGN rule 5).</summary>
    private async Task<Dictionary<string, Owner>> OwnersAsync(
        BillingDb db, List<StripeRead> reads, Dictionary<string, Subscription> rows, CancellationToken cancellationToken)
    {
        var customers = reads.Select(read => read.Found.CustomerId).Distinct().ToList();
        var claimed = reads.ToDictionary(
            read => read.Found.Id, read => rows.GetValueOrDefault(read.Found.Id)?.OrgId ?? signer.Verify(read.Found.Metadata)?.OrgId);
        var claimedIds = claimed.Values.OfType<string>().Distinct().ToList();
        var orgs = await db.Orgs.Where(org => claimedIds.Contains(org.Id) || customers.Contains(org.StripeCustomerId!))
            .Select(org => new Owner(org.Id, org.StripeCustomerId)).ToListAsync(cancellationToken);
        var byCustomer = orgs.Where(org => org.CustomerId is not null).ToDictionary(org => org.CustomerId!);
        var byId = orgs.ToDictionary(org => org.Id);
        var owners = new Dictionary<string, Owner>();
        foreach (var read in reads)
        {
            var claim = claimed[read.Found.Id];
            var owner = rows.ContainsKey(read.Found.Id) ? byId[claim!]
                : byCustomer.GetValueOrDefault(read.Found.CustomerId)
                ?? (claim is null ? null : byId.GetValueOrDefault(claim) ?? new Owner(claim, CustomerId: null));
            if (owner is not null)
            {
                owners[read.Found.Id] = owner;
            }
        }
        return owners;
    }

    private async Task<List<Drift>> RepairAsync(ReconciliationRun run, List<Drift> found, CancellationToken cancellationToken)
    {
        var repairable = found.FindAll(one => one.Type != DriftType.CustomerMismatch);
        if (repairable.Count == 0)
        {
            return found;
        }
        var why = await repair.RepairAsync(run, repairable, cancellationToken);
        return found.ConvertAll(one => one.Type == DriftType.CustomerMismatch ? one : why is null ? one.Repaired() : one.Left(why));
    }

    private sealed record Owner(string Id, string? CustomerId);
}
