using System.Collections.Concurrent;
using Billing.Api;
using Billing.Background;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Ledger;

/// <summary>
/// Ledgers for reading: nothing is locked or written. Reads that come while others are under way are one query together, which costs the
/// database little more than one; one that comes alone waits for nothing. Each sees what was committed before it came.
/// </summary>
internal sealed class LedgerReads(IDbContextFactory<BillingDb> databases, LedgerRows ledgers, TimeProvider time) : IBatches, IDisposable
{
    private const int MaxBatch = 128;

    /// <summary>Queries at a time: while one host thread reads an answer, the database works on the next.</summary>
    private const int MaxQueries = 2;

    private readonly ConcurrentQueue<Waiting> _waiting = new();
    private readonly Turns _turns = new(MaxQueries);

    bool IBatches.IsWaiting => !_waiting.IsEmpty;

    /// <summary>The ledger up to now, its org with it; both are the caller's alone.</summary>
    /// <exception cref="ApiException">404: there is no such org.</exception>
    public async Task<OrgLedger> ReadAsync(string orgId)
    {
        var mine = new Waiting(orgId);
        _waiting.Enqueue(mine);
        await _turns.TryAsync(this);
        return await mine.Task ?? throw new ApiException(ApiError.NotFound("There is no such org."));
    }

    public void Dispose() => _turns.Dispose();

    async Task IBatches.WorkAsync()
    {
        var batch = new List<Waiting>();
        while (batch.Count < MaxBatch && _waiting.TryDequeue(out var next))
        {
            batch.Add(next);
        }
        if (batch.Count == 0)
        {
            return;
        }
        try
        {
            await AnswerAsync(batch);
        }
        catch (Exception failure)
        {
            batch.ForEach(waiting => waiting.TrySetException(failure));
        }
    }

    private async Task AnswerAsync(List<Waiting> batch)
    {
        await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
        var now = time.GetUtcNow();
        var rows = new LedgerPictures(db);
        await rows.ReadAsync([.. batch.Select(waiting => waiting.OrgId).Distinct()], now, CancellationToken.None);
        var answers = batch.ConvertAll(waiting => Work(rows.Take(waiting.OrgId), now));
        for (var i = 0; i < batch.Count; i++)
        {
            batch[i].TrySetFromTask(answers[i]); // once all have theirs: whoever is answered may change it
        }
    }

    private Task<OrgLedger?> Work(LedgerPicture? picture, DateTimeOffset now)
    {
        try
        {
            var ledger = picture is null ? null : ledgers.Create(picture.Org, picture.Grants, picture.Holds);
            ledger?.BringTo(now);
            return Task.FromResult(ledger);
        }
        catch (Exception wrong)
        {
            return Task.FromException<OrgLedger?>(wrong); // of this org's: the others of the batch have their answers
        }
    }

    private sealed class Waiting(string orgId) : TaskCompletionSource<OrgLedger?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public string OrgId => orgId;
    }
}
