using Billing.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Billing.Ledger;

/// <summary>Orgs with what is left of their grants and the holds that are due, of many at once and all as of one moment.</summary>
internal sealed class LedgerPictures(BillingDb db)
{
    private readonly EntityRows<Org> _orgs = EntityRows<Org>.Of(db);
    private readonly EntityRows<CreditGrant> _grants = EntityRows<CreditGrant>.Of(db);
    private readonly EntityRows<CreditHold> _holds = EntityRows<CreditHold>.Of(db);
    private readonly Dictionary<string, LedgerPicture> _pictures = [];
    private readonly HashSet<string> _taken = [];

    /// <summary>
    /// One statement, so that it is of one moment: a row for each grant of an org and, which is rare, each hold of it that is due. OFFSET keeps
    /// them look-ups by org: holds are not even looked for where nothing is held, and no plan reads those of all orgs.
    /// </summary>
    public async Task ReadAsync(string[] orgIds, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        await using var query = db.NewBatch();
        query.BatchCommands.Add(BatchCommands.OnlyLookUps());
        query.BatchCommands.Add(BatchCommands.New(
            $"""
            SELECT o.*, g.*, h.* FROM (SELECT {_orgs.Columns} FROM orgs WHERE id = ANY ($1)) o
            LEFT JOIN LATERAL (SELECT {_grants.Columns} FROM credit_grants WHERE org_id = o.id AND remaining > 0 OFFSET 0) g ON true
            LEFT JOIN LATERAL (
                SELECT {_holds.Columns} FROM credit_holds WHERE o.held > 0 AND org_id = o.id AND state = 'active' AND expires_at <= $2 OFFSET 0) h ON true
            """, orgIds, now));
        await using var rows = await query.ExecuteReaderAsync(cancellationToken);
        await rows.NextResultAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            Add(rows);
        }
    }

    /// <summary>The org's, for one taker; the next one gets a copy of it as it is by then, worked out or not. Null: no such org.</summary>
    public LedgerPicture? Take(string orgId) => !_pictures.TryGetValue(orgId, out var picture) ? null
        : _taken.Add(orgId) ? picture
        : new LedgerPicture(
            _orgs.Copy(picture.Org), picture.Grants.ConvertAll(grant => _grants.Copy(grant)), picture.Holds.ConvertAll(hold => _holds.Copy(hold)));

    private void Add(NpgsqlDataReader row)
    {
        var (grantAt, holdAt) = (_orgs.Width, _orgs.Width + _grants.Width);
        if (!_pictures.TryGetValue(row.GetString(0), out var picture))
        {
            picture = new LedgerPicture(_orgs.Read(row), [], []);
            _pictures[picture.Org.Id] = picture;
        }
        if (!row.IsDBNull(grantAt) && row.GetGuid(grantAt) is var grant && !picture.Grants.Exists(known => known.Id == grant))
        {
            picture.Grants.Add(_grants.Read(row, grantAt));
        }
        if (!row.IsDBNull(holdAt) && row.GetGuid(holdAt) is var hold && !picture.Holds.Exists(known => known.Id == hold))
        {
            picture.Holds.Add(_holds.Read(row, holdAt));
        }
    }
}

/// <summary>The rows that a ledger is worked out from.</summary>
internal sealed record LedgerPicture(Org Org, List<CreditGrant> Grants, List<CreditHold> Holds);
