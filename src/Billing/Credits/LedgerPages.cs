using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Credits;

/// <summary>Reads an org's ledger, newest first, a page at a time by the numbers of its entries: a long ledger costs what a short one does.</summary>
internal sealed class LedgerPages(IDbContextFactory<BillingDb> databases)
{
    /// <param name="orgId">Whose.</param>
    /// <param name="limit">How many entries at most.</param>
    /// <param name="before">Entries with lower numbers only.</param>
    /// <param name="kind">Entries of this kind only; null: all.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    public async Task<LedgerResponse> ReadAsync(
        string orgId, int limit, long before, CreditEntryKind? kind, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var entries = db.CreditEntries.AsNoTracking().Where(entry => entry.OrgId == orgId && entry.Number < before);
        var page = await (kind is null ? entries : entries.Where(entry => entry.Kind == kind))
            .OrderByDescending(entry => entry.Number).Take(limit + 1).ToListAsync(cancellationToken);
        var more = page.Count > limit;
        var shown = page.Take(limit).Select(entry => new LedgerEntry(
            entry.Number, entry.Kind, entry.BalanceDelta, entry.DebtDelta, entry.BalanceAfter, entry.DebtAfter, entry.Source, entry.Reason, entry.CreatedAt));
        return new LedgerResponse([.. shown], more ? $"{page[limit - 1].Number}" : null);
    }
}

/// <param name="Entries">Newest first.</param>
/// <param name="NextCursor">For the next page; null on the last.</param>
internal sealed record LedgerResponse(IReadOnlyList<LedgerEntry> Entries, string? NextCursor);

/// <param name="EntryId">The number of the entry in the org's ledger: 1, 2, 3, ...</param>
/// <param name="Kind">What happened.</param>
/// <param name="BalanceDelta">Credits added, or taken if negative.</param>
/// <param name="DebtDelta">Debt added, or paid if negative.</param>
/// <param name="BalanceAfter">The balance that it left.</param>
/// <param name="DebtAfter">The debt that it left.</param>
/// <param name="Source">What it is about, such as <c>top_up:...</c>, <c>plan:...</c> or a hold's id; null where the kind says it all.</param>
/// <param name="Reason">The caller's words.</param>
/// <param name="CreatedAt">When it happened.</param>
internal sealed record LedgerEntry(
    long EntryId, CreditEntryKind Kind, long BalanceDelta, long DebtDelta, long BalanceAfter, long DebtAfter, string? Source, string? Reason,
    DateTimeOffset CreatedAt);
