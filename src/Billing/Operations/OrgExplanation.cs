using System.Globalization;
using Billing.Api;
using Billing.Credits;
using Billing.Fulfilment;
using Billing.Persistence;
using Billing.Status;
using Microsoft.EntityFrameworkCore;

namespace Billing.Operations;

/// <summary>Why an org has what it has: a sentence, and all that happened to it in one order.</summary>
internal sealed class OrgExplanation(IDbContextFactory<BillingDb> databases, OrgStatus status, CreditBalance credits, Standing standing)
{
    /// <param name="orgId">Which.</param>
    /// <param name="limit">How much of the timeline at most, from its end.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    /// <returns>404 without such an org.</returns>
    public async Task<Result<Explanation>> ExplainAsync(string orgId, int limit, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (!await db.Orgs.AnyAsync(row => row.Id == orgId, cancellationToken))
        {
            return ApiError.NotFound("There is no such org.");
        }
        var subscriptions = await db.Subscriptions.AsNoTracking().Where(row => row.OrgId == orgId).ToListAsync(cancellationToken);
        var plan = InWords(await status.ReadAsync(orgId, cancellationToken), subscriptions);
        var because = $"{orgId} {plan} {InWords(await credits.ReadAsync(orgId))}";
        return new Explanation(orgId, because, await OrgTimeline.ReadAsync(db, orgId, limit, cancellationToken));
    }

    private string InWords(StatusResponse now, List<Subscription> subscriptions)
    {
        if (standing.Counting(subscriptions) is { } counting)
        {
            var end = now.CancelAt is { } cancel ? $"and ends on {Day(cancel)}" : $"and its period ends on {Day(now.CurrentPeriodEnd)}";
            var paid = counting.PaidThrough is { } through ? $"paid through {Day(through)}" : "no paid invoice of it is known";
            return $"has the plan {now.Plan}, as its subscription {counting.Id} is {counting.Status}, {paid}, {end}.";
        }
        return "is on the free plan, as " + (subscriptions.MaxBy(row => (row.EndedAt ?? row.StateAt ?? row.ReadAt, row.Id)) switch
        {
            null => "it never had a subscription.",
            { Status: null } unread => $"its subscription {unread.Id} was not read from Stripe yet.",
            { Status: SubscriptionStatus.PastDue } late => $"its subscription {late.Id} is past due since {Day(late.PastDueSince)} and the grace is over.",
            { Plan: null } other => $"its subscription {other.Id} is {other.Status} on price {other.PriceId}, which is of no plan.",
            var ended => $"its subscription {ended.Id} is {ended.Status}{(ended.EndedAt is { } end ? $" since {Day(end)}" : "")}.",
        });
    }

    private static string InWords(CreditsResponse now) => string.Create(CultureInfo.InvariantCulture,
        $"It can spend {now.Available} credits: {now.PlanCredits} of the plan and {now.TopupCredits} of top-ups and gifts, less {now.Held} held; it owes {now.Debt}.");

    private static string Day(DateTimeOffset? instant) =>
        instant?.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture) ?? "an unknown day";
}

/// <param name="Org">Which.</param>
/// <param name="Because">Why it has the plan and the credits that it has now, in words.</param>
/// <param name="Timeline">What happened, oldest first.</param>
internal sealed record Explanation(string Org, string Because, IReadOnlyList<TimelineEntry> Timeline);
