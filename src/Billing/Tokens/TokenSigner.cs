using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Billing.Authentication;
using Billing.Orgs;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Billing.Tokens;

/// <summary>
/// Signs and verifies browser tokens: JWTs with HS256, so that every host takes what any host signed and none keeps them. The keys are
/// derived from <c>Billing:SigningKeys</c> for this purpose and mode alone, so that no other signature of ours, and no token of
/// the other mode, can pass for one (DESIGN rule 12). The first key signs, all verify.
/// </summary>
internal sealed class TokenSigner
{
    private const string Issuer = "billing";
    private const string Type = "billing+jwt";
    private const string RoleClaim = "role";

    private readonly JsonWebTokenHandler _handler = new()
    {
        SetDefaultTimesOnTokenCreation = false,
        MapInboundClaims = false,
        MaximumTokenSizeInBytes = 2048,
    };

    private readonly TokenValidationParameters _expected;
    private readonly TimeProvider _time;

    public TokenSigner(IOptions<BillingOptions> options, IOptions<StripeOptions> stripe, TimeProvider time)
    {
        var mode = stripe.Value.Livemode ? "live" : "test";
        _time = time;
        _expected = new TokenValidationParameters
        {
            ValidIssuer = Issuer,
            ValidAudience = "billing:" + mode,
            ValidTypes = [Type],
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            IssuerSigningKeys = [.. options.Value.SigningKeys.Select(key => Derive(key, mode))],
            TryAllIssuerSigningKeys = false, // the one that kid names, or none
            LifetimeValidator = (_, expires, _, _) => expires > _time.GetUtcNow().UtcDateTime,
        };
    }

    /// <summary>A JWT begins so, as its header is a JSON object; an API key does not.</summary>
    public static bool LooksLikeToken(string credential) => credential.StartsWith("eyJ", StringComparison.Ordinal);

    /// <summary>A token for this org and role that is good until just before <paramref name="expiresAt"/>, a whole second.</summary>
    public string Sign(string orgId, Role role, DateTimeOffset expiresAt) => _handler.CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Issuer,
        Audience = _expected.ValidAudience,
        TokenType = Type,
        IssuedAt = _time.GetUtcNow().UtcDateTime,
        Expires = expiresAt.UtcDateTime,
        Claims = new Dictionary<string, object>
        {
            [JwtRegisteredClaimNames.Jti] = "tok_" + Guid.CreateVersion7().ToString("N"),
            [JwtRegisteredClaimNames.Sub] = orgId,
            [RoleClaim] = role.ToString().ToLowerInvariant(),
        },
        SigningCredentials = new SigningCredentials(_expected.IssuerSigningKeys.First(), SecurityAlgorithms.HmacSha256),
    });

    /// <summary>Whom the token belongs to, or null if it is not ours, not of this mode, or has expired.</summary>
    public async Task<KeyHolder?> VerifyAsync(string token)
    {
        var result = await _handler.ValidateTokenAsync(token, _expected);
        if (!result.IsValid || result.SecurityToken is not JsonWebToken jwt)
        {
            return null;
        }
        using var payload = JsonDocument.Parse(Base64Url.DecodeFromChars(jwt.EncodedPayload));
        var claims = payload.RootElement;
        Role? role = Text(claims, RoleClaim) switch { "member" => Role.Member, "admin" => Role.Admin, "owner" => Role.Owner, _ => null };
        return role is { } may && Text(claims, JwtRegisteredClaimNames.Sub) is { } org && OrgId.IsValid(org) && Text(claims, JwtRegisteredClaimNames.Jti) is { } id
            ? new KeyHolder(id, may, org) { CountsAs = $"token:{org}:{may}", IsToken = true }
            : null;
    }

    /// <summary>The claim if it is a string. The token's own getters throw for one that is missing, and turn what is no string into one.</summary>
    private static string? Text(JsonElement claims, string claim) =>
        claims.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static SymmetricSecurityKey Derive(SigningKeyOptions key, string mode) =>
        new(HKDF.DeriveKey(
            HashAlgorithmName.SHA256, Convert.FromBase64String(key.Secret), outputLength: 32, info: Encoding.UTF8.GetBytes("billing-token-v1:" + mode)))
        {
            KeyId = key.Id,
        };
}
