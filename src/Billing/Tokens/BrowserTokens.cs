using Billing.Api;
using Billing.Authentication;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tokens;

/// <summary>
/// Makes short-lived credentials for a frontend, which must hold no key. Nothing is stored, so a token cannot be revoked before it
/// expires, not even by revoking the key that asked for it.
/// </summary>
internal sealed class BrowserTokens(TokenSigner signer, IDbContextFactory<BillingDb> databases, TimeProvider time)
{
    private static readonly TimeSpan DefaultLife = TimeSpan.FromMinutes(15);

    /// <param name="request">Validated.</param>
    public async Task<Result<TokenResponse>> MintAsync(TokenRequest request, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (!await db.Orgs.AnyAsync(org => org.Id == request.Org, cancellationToken))
        {
            return ApiError.NotFound("There is no such org.");
        }
        var life = request.ExpiresIn is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultLife;
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds((time.GetUtcNow() + life).ToUnixTimeSeconds());
        return new TokenResponse(signer.Sign(request.Org!, RoleOf(request.Role!.Value), expiresAt), expiresAt);
    }

    private static Role RoleOf(TokenRole role) => role switch
    {
        TokenRole.Owner => Role.Owner,
        TokenRole.Admin => Role.Admin,
        _ => Role.Member,
    };
}
