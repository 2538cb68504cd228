using Billing.Persistence;
using Billing.Reversals;
using Microsoft.EntityFrameworkCore;

namespace Billing.Reconciliation;

/// <summary>Reads a payment with its refunds and disputes and books what follows, as a worker does after an event (DESIGN rule 7).</summary>
internal sealed partial class ReversalRepair(
    PaymentReads reads, AuditTrail audit, IDbContextFactory<BillingDb> databases, ILogger<ReversalRepair> log)
{
    /// <summary>How often it is tried while a worker reads the same payment, which takes a moment.</summary>
    private const int Tries = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Null if we have now what Stripe shows; else why not.</summary>
    /// <param name="run">Who repairs.</param>
    /// <param name="payment">The payment intent's id.</param>
    /// <param name="found">All of this payment.</param>
    /// <param name="cancellationToken">Of the run.</param>
    public async Task<string?> RepairAsync(ReconciliationRun run, string payment, List<Drift> found, CancellationToken cancellationToken)
    {
        var drift = found[0] with { ObjectId = payment, Detail = string.Join("; ", found.Select(one => $"{one.ObjectId}: {one.Detail}")) };
        try
        {
            for (var tries = 1; tries <= Tries; tries++)
            {
                if (await reads.ClaimAsync(payment, cancellationToken) is { } claim)
                {
                    var read = await reads.ReadAsync(claim, cancellationToken);
                    if (await databases.TransactAsync(db => ApplyAsync(db, run, drift, read, cancellationToken), cancellationToken))
                    {
                        return read.Found.OrgId is null ? "it is of no org of ours any more" : null;
                    }
                }
                await Task.Delay(Pause, cancellationToken);
            }
            return "a host is reading it";
        }
        catch (Stripe.StripeException missing) when (!StripeOutage.Is(missing))
        {
            return "Stripe does not show it any more";
        }
        catch (Exception bad) when (!cancellationToken.IsCancellationRequested && !DatabaseErrors.IsUnavailable(bad) && !StripeOutage.Is(bad))
        {
            LogFailed(payment, drift.OrgId, bad);
            return $"applying it failed ({bad.GetType().Name}, see the log)";
        }
    }

    private async Task<bool> ApplyAsync(BillingDb db, ReconciliationRun run, Drift drift, PaymentRead read, CancellationToken cancellationToken)
    {
        if (read.Found.OrgId is not { } orgId)
        {
            return await reads.ApplyAsync(db, read, cancellationToken);
        }
        await db.LockOrgAsync(orgId, cancellationToken);
        var before = await LookAsync(db, orgId, drift.ObjectId, cancellationToken);
        if (!await reads.ApplyAsync(db, read, cancellationToken))
        {
            return false;
        }
        await db.SaveChangesAsync(cancellationToken);
        // A worker may have applied it meanwhile: then this is no repair.
        if (await LookAsync(db, orgId, drift.ObjectId, cancellationToken) is var after && after != before)
        {
            audit.Add(db, run, "apply_reversals", drift with { OrgId = orgId }, before, after);
        }
        return true;
    }

    private static async Task<PaymentLook> LookAsync(BillingDb db, string orgId, string payment, CancellationToken cancellationToken)
    {
        var reversals = await db.Reversals.AsNoTracking().Where(row => row.PaymentId == payment).OrderBy(row => row.Id)
            .ToListAsync(cancellationToken);
        var org = await db.Orgs.AsNoTracking().SingleAsync(org => org.Id == orgId, cancellationToken);
        var rows = string.Join(", ", reversals.Select(row => $"{row.Id} {row.Amount} {row.Status}"));
        return new PaymentLook(rows, org.Plan, org.Balance, org.Debt);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Payment {PaymentId} of org {OrgId} cannot be repaired")]
    private partial void LogFailed(string paymentId, string? orgId, Exception exception);
}

/// <summary>What the audit keeps of a payment's refunds and disputes (id, minor units, status), and of what its org has by them.</summary>
internal sealed record PaymentLook(string Reversals, string OrgPlan, long OrgBalance, long OrgDebt);
