using System.Globalization;
using Billing.Fulfilment;
using Billing.Ledger;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests.Chaos;

/// <summary>What an org has in the end, as text, a line for each thing; instants to the hour, as the runs take different seconds.</summary>
internal static class OrgPicture
{
    public static async Task<string> TakeAsync(BillingWorld world, ChaosOrg life)
    {
        var (status, credits) = (await life.Org.StatusAsync(), await life.Org.CreditsAsync());
        var lines = new List<string>(life.Story)
        {
            $"{status["plan"]} {status["status"]} {status["interval"]}, until {Hour(status["current_period_end"])}",
            $"cancel at period end {status["cancel_at_period_end"]}, cancel at {Hour(status["cancel_at"])}",
            $"balance {credits["balance"]} (plan {credits["plan_credits"]}, top-ups {credits["topup_credits"]}), debt {credits["debt"]}",
        };
        await using var db = world.OpenDb();
        var live = await db.Subscriptions
            .Where(s => s.OrgId == life.Org.Id && s.Status != SubscriptionStatus.Canceled && s.Status != SubscriptionStatus.IncompleteExpired).ToListAsync();
        lines.Add($"{live.Count} live subscriptions, paid through {string.Join(' ', live.Select(s => Hour(s.PaidThrough)))}");
        foreach (var bought in life.Bought)
        {
            var row = await db.Payments.SingleOrDefaultAsync(payment => payment.Id == bought.Payment);
            var granted = await db.CreditGrants.Where(grant => grant.PaymentIntentId == bought.Payment).ToListAsync();
            lines.Add($"{bought.Label}: {Percent(row?.Refunded, row?.Paid)} refunded, {Percent(row?.Disputed, row?.Paid)} disputed, "
                + $"granted {string.Join(' ', granted.Select(grant => $"{grant.Amount} less {grant.Reversed}"))}");
        }
        lines.Add("ledger: " + (await world.Service<LedgerProbe>().CheckAsync(life.Org.Id, CancellationToken.None))?.Wrong);
        return string.Join('\n', lines);
    }

    /// <summary>What decided it, for people.</summary>
    public static async Task<string> EventsAsync(BillingWorld world, ChaosOrg life)
    {
        await using var db = world.OpenDb();
        var rows = await db.StripeEvents.Where(e => e.OrgId == life.Org.Id || e.OrgId == null).OrderBy(e => e.ReceivedAt).ToListAsync();
        var grants = await db.CreditEntries.Where(e => e.OrgId == life.Org.Id).OrderBy(e => e.Number).ToListAsync();
        return string.Join('\n', rows.Where(IsOf).Select(e => $"  {e.CreatedAt:MM-dd HH:mm:ss} received {e.ReceivedAt:MM-dd HH:mm:ss} {e.Type}: {e.Outcome} {e.Detail}")
            .Concat(grants.Select(e => $"  ledger {e.CreatedAt:MM-dd HH:mm:ss} {e.Kind} {e.BalanceDelta} debt {e.DebtDelta} {e.Reason}")));

        bool IsOf(Persistence.StripeEvent e) => e.OrgId is not null
            || life.Bought.Any(bought => System.Text.Encoding.UTF8.GetString(e.Payload).Contains(bought.Payment, StringComparison.Ordinal));
    }

    private static string Percent(long? part, long? whole) => whole is > 0 ? $"{100 * part / whole} %" : "0 %";

    private static string Hour(string? instant) => instant is null ? "-" : Hour(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture));

    private static string Hour(DateTimeOffset? instant) => instant?.ToUniversalTime().ToString("yyyy-MM-dd HH'h'", CultureInfo.InvariantCulture) ?? "-";
}
