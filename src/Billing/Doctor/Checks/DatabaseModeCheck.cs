using Billing.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Billing.Doctor.Checks;

/// <summary>Whether the database was filled in the key's mode (DESIGN rule 12): the ids of checkout sessions carry theirs (FACTS A.3).</summary>
internal sealed class DatabaseModeCheck(IDbContextFactory<BillingDb> databases, IOptions<StripeOptions> options) : ICheck
{
    public Source Source => Source.Database;

    public string Subject => "checkout sessions";

    public async Task<IReadOnlyList<Finding>> FindAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // Any one will do, and in no order, so that it costs no walk through the table.
        var found = await db.CheckoutSessions.Where(session => session.SessionId != null).Select(session => session.SessionId!).Take(1).ToListAsync(cancellationToken);
        var isLive = found.FirstOrDefault()?.StartsWith("cs_live_", StringComparison.Ordinal);
        return isLive is null || isLive == options.Value.Livemode ? []
            : [FindingKinds.ModeDatabase.Found($"The database holds checkout sessions of {(isLive.Value ? "live" : "test")} mode and Stripe:ApiKey is of the other.")];
    }
}
