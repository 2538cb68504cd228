using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Reconciliation;

/// <summary>Keeps which of our objects Stripe listed, so that after a listing those can be found that were not in it.</summary>
internal static class Sightings
{
    public static async Task SightAsync(this BillingDb db, IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        var seen = ids.Order(StringComparer.Ordinal).Distinct().ToArray(); // in one order, so that two runs do not wait for each other
        if (seen.Length > 0)
        {
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO sightings (id, seen_at) SELECT id, clock_timestamp() FROM unnest({seen}) AS id
                ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at
                """, cancellationToken);
        }
    }
}
