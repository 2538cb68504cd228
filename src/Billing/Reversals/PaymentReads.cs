using Billing.Background;
using Billing.Persistence;
using Billing.StripeCalls;
using Microsoft.EntityFrameworkCore;

namespace Billing.Reversals;

/// <summary>
/// Reads a claimed payment from Stripe and applies what it finds: the workers those that are marked, the reconciler those that differ.
/// Whoever has the newest claim counts, so that an older answer never takes the place of a newer one.
/// </summary>
internal sealed class PaymentReads(
    IDbContextFactory<BillingDb> databases, [FromKeyedServices(StripeClients.Background)] Stripe.IStripeClient stripe, PaymentOwners owners,
    ReversalBook book, TimeProvider time)
{
    /// <summary>As long as a worker's claim.</summary>
    private static readonly TimeSpan ClaimDuration = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Claims one payment, with or without a row. It is marked too: if its holder dies, a worker reads it when the claim has run out.
    /// </summary>
    /// <returns>Null while somebody else reads it.</returns>
    public async Task<ReadClaim?> ClaimAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var claimed = await db.Payments.FromSql(
            $"""
            INSERT INTO payments AS p (id, paid, refunded, disputed, re_read_due_at, re_read_requests, re_read_attempts, re_read_claimed_until)
            VALUES ({id}, 0, 0, 0, clock_timestamp(), 1, 0, clock_timestamp() + {ClaimDuration})
            ON CONFLICT (id) DO UPDATE SET re_read_claimed_until = excluded.re_read_claimed_until,
                re_read_due_at = least(p.re_read_due_at, excluded.re_read_due_at), re_read_requests = p.re_read_requests + 1, re_read_attempts = 0
            WHERE p.re_read_claimed_until IS NULL OR p.re_read_claimed_until < clock_timestamp()
            RETURNING *
            """).AsNoTracking().ToListAsync(cancellationToken);
        return claimed is [var row] ? new ReadClaim(row.Id, row.OrgId, row.ReReadRequests, row.ReReadClaimedUntil!.Value) : null;
    }

    public async Task<PaymentRead> ReadAsync(ReadClaim claim, CancellationToken cancellationToken)
    {
        var facts = await PaymentFacts.ReadAsync(stripe, claim.Id, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await db.Payments.AsNoTracking().SingleAsync(payment => payment.Id == claim.Id, cancellationToken);
        await owners.FindAsync(db, found, facts, cancellationToken);
        return new PaymentRead(claim, found, facts);
    }

    /// <summary>Applies it in the caller's transaction and gives the claim back.</summary>
    /// <returns>False if another one took over meanwhile, whose read counts.</returns>
    public async Task<bool> ApplyAsync(BillingDb db, PaymentRead read, CancellationToken cancellationToken)
    {
        var (claim, found, facts) = read;
        // The org first, then the payment: the order in which settlements take them.
        if (found.OrgId is not null)
        {
            await db.LockOrgAsync(found.OrgId, cancellationToken);
        }
        var payment = await db.Payments.FromSql($"SELECT * FROM payments WHERE id = {claim.Id} FOR UPDATE").SingleAsync(cancellationToken);
        if (payment.ReReadClaimedUntil != claim.Until)
        {
            return false;
        }
        (payment.ReReadClaimedUntil, payment.ReReadAttempts) = (null, 0);
        payment.ReReadDueAt = payment.ReReadRequests == claim.Requests ? null : payment.ReReadDueAt;
        (payment.OrgId, payment.InvoiceId, payment.Paid, payment.Currency) = (found.OrgId, found.InvoiceId, found.Paid, found.Currency);
        if (payment.OrgId is not null)
        {
            await book.ApplyAsync(db, payment, facts, cancellationToken);
            var detail = $"{facts.Reversals.Count} refunds and disputes; refunded {payment.Refunded}, disputed {payment.Disputed} of {payment.Paid}";
            db.Activities.Add(ActivityEntry.New(payment.OrgId, ActivityEntryKind.StripeRead, payment.Id, detail, time.GetUtcNow()));
        }
        return true;
    }
}

/// <param name="Claim">By which it was read.</param>
/// <param name="Found">Our row, with whose it is and what it paid; not tracked.</param>
/// <param name="Facts">What Stripe says.</param>
internal sealed record PaymentRead(ReadClaim Claim, Payment Found, PaymentFacts Facts);
