using Billing.Background;
using Billing.Persistence;
using Billing.StripeCalls;
using Microsoft.EntityFrameworkCore;

namespace Billing.Fulfilment;

/// <summary>Reads marked subscriptions again from Stripe and applies what it finds (DESIGN rule 3).</summary>
internal sealed partial class SubscriptionReader(
    IDbContextFactory<BillingDb> databases, [FromKeyedServices(StripeClients.Background)] Stripe.IStripeClient stripe, StripeBudget budget,
    Snapshots snapshots, PaidPrices prices, Settlement settlement, TimeProvider time, ILogger<SubscriptionReader> log)
    : ReReader(new ReReadQueue(databases, "subscriptions"), slots: 8, budget, log)
{
    protected override async Task<ReadOutcome> ReadAsync(ReadClaim claim, CancellationToken cancellationToken)
    {
        // Before its turn in the budget comes: the wait counts as the call's, which may call an answer too early but never too new.
        var sent = TimeProvider.System.GetTimestamp();
        // With its invoice, in case the news that it was paid got lost.
        var options = new Stripe.SubscriptionGetOptions { Expand = ["latest_invoice"] };
        var found = await new Stripe.SubscriptionService(stripe).GetAsync(claim.Id, options, cancellationToken: cancellationToken);
        var date = found.StripeResponse?.Date ?? time.GetUtcNow();
        var read = StripeRead.Of(found, date, TimeProvider.System.GetElapsedTime(sent), claim);
        var plans = await prices.ReadAsync(found, cancellationToken);
        var (outcome, standing) = await ApplyAsync(read, plans, claim, cancellationToken);
        LogRead(claim.Id, claim.OrgId, found.Status, outcome, standing ?? "", found.StripeResponse?.RequestId);
        return outcome;
    }

    private Task<(ReadOutcome, string?)> ApplyAsync(
        StripeRead read, IReadOnlyDictionary<string, string> plans, ReadClaim claim, CancellationToken cancellationToken) =>
        databases.TransactAsync(async db =>
        {
            var state = await OrgStates.LockAsync(db, claim.OrgId!, claim.Id, cancellationToken);
            var outcome = read.ApplyTo(state, snapshots);
            PaidPrices.Name(state.FindOrAdd(claim.Id, out _), plans);
            if (outcome == ReadOutcome.TooEarly)
            {
                await db.Database.ExecuteSqlAsync(
                    $"UPDATE subscriptions SET re_read_due_at = clock_timestamp() + interval '1 second' WHERE id = {claim.Id}",
                    cancellationToken);
            }
            var words = (await settlement.SettleAsync(db, state, cancellationToken)).Standing;
            if (outcome is ReadOutcome.Applied or ReadOutcome.Ended)
            {
                var detail = $"{read.Found.Status}, {EnumWords<ReadOutcome>.Of(outcome)}{words}";
                db.Activities.Add(ActivityEntry.New(claim.OrgId!, ActivityEntryKind.StripeRead, claim.Id, detail, time.GetUtcNow()));
            }
            return (outcome, words);
        }, cancellationToken);

    [LoggerMessage(Level = LogLevel.Information, Message =
        "Subscription {SubscriptionId} of org {OrgId} read from Stripe: {SubscriptionStatus}, {ReadOutcome}{Standing}, request {StripeRequestId}")]
    private partial void LogRead(
        string subscriptionId, string? orgId, string subscriptionStatus, ReadOutcome readOutcome, string standing, string? stripeRequestId);
}
