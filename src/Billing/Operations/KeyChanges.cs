using Billing.Api;
using Billing.Authentication;

namespace Billing.Operations;

/// <summary>Keys made and ended by hand.</summary>
internal sealed class KeyChanges(ApiKeys keys, OperatorAudit audit)
{
    /// <returns>The key, which can be seen this once.</returns>
    public async Task<NewKeyResponse> CreateAsync(Role role, string? orgId, string name, Operator by, CancellationToken cancellationToken)
    {
        var made = await keys.CreateAsync(
            role, orgId, name, cancellationToken, (db, key) => audit.Add(db, by, "create_key", key.Id, orgId, before: null, KeyResponse.Of(key)));
        return new NewKeyResponse(made.Id, made.Key);
    }

    public async Task<KeysResponse> ListAsync(string? orgId, bool includeRevoked, CancellationToken cancellationToken) =>
        new([.. (await keys.ListAsync(orgId, includeRevoked, cancellationToken)).Select(KeyResponse.Of)]);

    /// <summary>Safe to repeat; the first time stays on record. No host takes the key any more in 30 s.</summary>
    /// <returns>404 without such a key.</returns>
    public async Task<Result<KeyResponse>> RevokeAsync(string id, Operator by, CancellationToken cancellationToken) =>
        await keys.RevokeAsync(id, cancellationToken, (db, key) => audit.Add(
            db, by, "revoke_key", id, key.OrgId, KeyResponse.Of(key) with { RevokedAt = null }, KeyResponse.Of(key))) is { } revoked
            ? KeyResponse.Of(revoked)
            : ApiError.NotFound("There is no key with this id.");
}
