using Billing.Api;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Idempotency;

/// <summary>
/// The work that a key stands for, to be done by this process. Disposed without an answer it leaves the key to the next try of the same
/// request, which then goes on at once.
/// </summary>
internal sealed class KeyLease(string orgId, string key, Guid owner, IDbContextFactory<BillingDb> databases) : IAsyncDisposable
{
    private bool _isComplete;
    private bool _isForgotten;

    /// <summary>Stores the answer. Not cancelled by a client that hung up: its retry is to find it.</summary>
    /// <exception cref="ApiException">503: it took too long and another process has taken over, whose answer counts.</exception>
    public async Task CompleteAsync(Answer answer)
    {
        await using var db = await databases.CreateDbContextAsync();
        var stored = await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE idempotency_keys SET status = {answer.Status}, body = {answer.Body}, lease_until = NULL
            WHERE org_id = {orgId} AND key = {key} AND owner = {owner}
            """);
        if (stored == 0)
        {
            throw new ApiException(ApiError.Unavailable("The request took too long and was given up. Try again; nothing is lost."));
        }
        _isComplete = true;
    }

    /// <summary>Frees the key for any request, once disposed: this one was refused and did nothing.</summary>
    public void Forget() => _isForgotten = true;

    public async ValueTask DisposeAsync()
    {
        if (_isComplete)
        {
            return;
        }
        try
        {
            await using var db = await databases.CreateDbContextAsync();
            await (_isForgotten
                ? db.Database.ExecuteSqlAsync($"DELETE FROM idempotency_keys WHERE org_id = {orgId} AND key = {key} AND owner = {owner}")
                : db.Database.ExecuteSqlAsync(
                    $"UPDATE idempotency_keys SET lease_until = NULL WHERE org_id = {orgId} AND key = {key} AND owner = {owner}"));
        }
        catch (Exception outage) when (DatabaseErrors.IsUnavailable(outage))
        {
            // The request must be answered; the lease runs out by itself.
        }
    }
}
