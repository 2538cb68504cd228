using Billing.Background;
using Billing.Persistence;
using Billing.StripeCalls;
using Microsoft.EntityFrameworkCore;

namespace Billing.Reversals;

/// <summary>
/// Reads marked payments from Stripe with their refunds and disputes and books what follows: the order, repetition or loss of events does
/// not matter, as only what Stripe says now is booked.
/// </summary>
internal sealed partial class PaymentReader(
    IDbContextFactory<BillingDb> databases, StripeBudget budget, PaymentReads reads, ILogger<PaymentReader> log)
    : ReReader(new ReReadQueue(databases, "payments"), slots: 4, budget, log)
{
    protected override async Task<ReadOutcome> ReadAsync(ReadClaim claim, CancellationToken cancellationToken)
    {
        var read = await reads.ReadAsync(claim, cancellationToken);
        var isApplied = await databases.TransactAsync(db => reads.ApplyAsync(db, read, cancellationToken), cancellationToken);
        LogRead(claim.Id, read.Found.OrgId, read.Facts.Reversals.Count, isApplied);
        return isApplied ? ReadOutcome.Applied : ReadOutcome.Superseded;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Payment {PaymentId} of org {OrgId} read from Stripe: {Count} refunds and disputes, applied: {Applied}")]
    private partial void LogRead(string paymentId, string? orgId, int count, bool applied);
}
