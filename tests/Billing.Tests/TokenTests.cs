using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Billing.Authentication;
using Billing.Tests.World;
using Billing.Tokens;
using Microsoft.Extensions.Options;

namespace Billing.Tests;

/// <summary>Short-lived credentials for a frontend.</summary>
public sealed class TokenTests(BillingFixture fixture)
{
    private readonly BillingWorld _world = fixture.World;

    [Fact]
    public async Task Token_Minted_ActsForItsOrgUntilItExpires()
    {
        await using var world = await fixture.StartWorldAsync(deliver: false);
        var elsewhere = await world.StartSecondHostAsync();
        var org = await TestOrg.CreateAsync(world);
        var minted = await MintAsync(world, $$"""{"org":"{{org.Id}}","role":"member","expires_in":60}""");

        Assert.Equal((200, true), (minted.Status, minted.Headers.CacheControl!.NoStore));
        var left = DateTimeOffset.Parse(minted["expires_at"]!, null) - world.Sandbox.Clock.GetUtcNow();
        Assert.InRange(left, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));
        Assert.Equal("free", (await StatusAsync(minted["token"]!))["plan"]);

        await world.Sandbox.AdvanceAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(401, (await StatusAsync(minted["token"]!)).Status);

        Task<ApiAnswer> StatusAsync(string token) => world.SendAsync(HttpMethod.Get, "/v1/billing/status", token, host: elsewhere);
    }

    [Fact]
    public async Task Token_WithoutALife_LivesFifteenMinutes()
    {
        var org = await TestOrg.CreateAsync(_world);
        var minted = await MintAsync(_world, $$"""{"org":"{{org.Id}}","role":"owner"}""");
        var left = DateTimeOffset.Parse(minted["expires_at"]!, null) - _world.Sandbox.Clock.GetUtcNow();
        Assert.InRange(left, TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(15));
        Assert.Equal("VALIDATION_ERROR", (await _world.SendAsync(HttpMethod.Post, "/v1/billing/checkout", minted["token"]))["error.code"]);
    }

    [Theory]
    [InlineData("""{"role":"owner"}""", 400, "org", "required")]
    [InlineData("""{"org":"acme"}""", 400, "role", "required")]
    [InlineData("""{"org":"no such/id","role":"owner"}""", 400, "org", "invalid_org")]
    [InlineData("""{"org":"acme","role":"service"}""", 400, "role", "invalid_type")]
    [InlineData("""{"org":"acme","role":"operator"}""", 400, "role", "invalid_type")]
    [InlineData("""{"org":"acme","role":"member,owner"}""", 400, "role", "invalid_type")]
    [InlineData("""{"org":"acme","role":"OWNER"}""", 400, "role", "invalid_type")]
    [InlineData("""{"org":"acme","role":2}""", 400, "role", "invalid_type")]
    [InlineData("""{"org":"acme","role":"owner","expires_in":59}""", 400, "expires_in", "out_of_range")]
    [InlineData("""{"org":"acme","role":"owner","expires_in":3601}""", 400, "expires_in", "out_of_range")]
    [InlineData("""{"org":"acme","role":"owner","expires_in":"60"}""", 400, "expires_in", "invalid_type")]
    [InlineData("""{"org":"acme","role":"owner","scope":"all"}""", 400, "scope", "unknown_field")]
    [InlineData("""{"org":"nobody-at-all","role":"owner"}""", 404, null, null)]
    public async Task Request_Wrong_IsRefused(string json, int status, string? path, string? code)
    {
        var answer = await MintAsync(_world, json);
        Assert.Equal((status, path, code), (answer.Status, answer["error.details.errors.0.path"], answer["error.details.errors.0.code"]));
    }

    [Fact]
    public async Task Token_OfAFormerKey_IsGoodWhileTheKeyIsConfigured()
    {
        var token = Signer("old").Sign("acme", Role.Admin, Later);
        Assert.Equal(("acme", Role.Admin), (await Signer("new", "old").VerifyAsync(token)) is { } holder ? (holder.OrgId!, holder.Role) : default);
        Assert.Null(await Signer("new").VerifyAsync(token));
        Assert.Null(await Signer(("old", 9)).VerifyAsync(token));
    }

    [Fact]
    public async Task Token_AnyPartChanged_IsRefused()
    {
        var parts = Signer("a").Sign("acme", Role.Member, Later).Split('.');
        var payload = JsonNode.Parse(Decode(parts[1]))!.AsObject();
        foreach (var name in payload.Select(claim => claim.Key).ToList())
        {
            var changed = payload.DeepClone().AsObject();
            changed[name] = name is "exp" or "iat" ? 4_100_000_000 : "owner";
            Assert.Null(await Signer("a").VerifyAsync($"{parts[0]}.{Encode(changed.ToJsonString())}.{parts[2]}"));
        }
        foreach (var header in new[]
        {
            """{"alg":"none","kid":"a","typ":"billing+jwt"}""",
            """{"alg":"HS512","kid":"a","typ":"billing+jwt"}""",
            """{"alg":"HS256","typ":"billing+jwt"}""",
            """{"alg":"HS256","kid":"b","typ":"billing+jwt"}""",
            "{", "",
        })
        {
            Assert.Null(await Signer("a").VerifyAsync($"{Encode(header)}.{parts[1]}.{parts[2]}"));
            Assert.Null(await Signer("a").VerifyAsync($"{Encode(header)}.{parts[1]}."));
        }
    }

    [Theory]
    [InlineData("""{"sub":"acme","role":"owner","jti":"tok_1"}""", true)]
    [InlineData("""{"sub":"acme","jti":"tok_1"}""", false)]
    [InlineData("""{"sub":"acme","role":null,"jti":"tok_1"}""", false)]
    [InlineData("""{"sub":"acme","role":2,"jti":"tok_1"}""", false)]
    [InlineData("""{"sub":"acme","role":["owner"],"jti":"tok_1"}""", false)]
    [InlineData("""{"sub":"acme","role":"operator","jti":"tok_1"}""", false)]
    [InlineData("""{"role":"owner","jti":"tok_1"}""", false)]
    [InlineData("""{"sub":"","role":"owner","jti":"tok_1"}""", false)]
    [InlineData("""{"sub":7,"role":"owner","jti":"tok_1"}""", false)]
    [InlineData("""{"sub":{"a":1},"role":"owner","jti":"tok_1"}""", false)]
    [InlineData("""{"sub":"acme","role":"owner"}""", false)]
    public async Task Token_SignedByUsWithAMissingOrWrongClaim_IsRefused(string claims, bool good)
    {
        var payload = JsonNode.Parse(claims)!.AsObject();
        (payload["iss"], payload["aud"], payload["exp"]) = ("billing", "billing:test", Later.ToUnixTimeSeconds());
        var signed = Encode("""{"alg":"HS256","kid":"a","typ":"billing+jwt"}""") + "." + Encode(payload.ToJsonString());
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Enumerable.Repeat((byte)'a', 32).ToArray(), 32, info: "billing-token-v1:test"u8.ToArray());
        var token = signed + "." + System.Buffers.Text.Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(signed)));

        Assert.Equal(good, await Signer("a").VerifyAsync(token) is not null);
    }

    [Fact]
    public async Task Token_OfAnOrgWithoutARow_FindsNothing()
    {
        var token = _world.Service<TokenSigner>().Sign("nobody-at-all", Role.Owner, Later);
        foreach (var (method, path) in new[] { (HttpMethod.Get, "status"), (HttpMethod.Get, "credits"), (HttpMethod.Post, "portal") })
        {
            var answer = await _world.SendAsync(method, "/v1/billing/" + path, token);
            Assert.Equal((404, "NOT_FOUND"), (answer.Status, answer["error.code"]));
        }
        Assert.Equal(404, (await _world.SendAsync(HttpMethod.Post, "/v1/billing/checkout", token, """{"plan":"pro"}""")).Status);
    }

    private static DateTimeOffset Later => DateTimeOffset.FromUnixTimeSeconds(4_000_000_000);

    private static TokenSigner Signer(params string[] ids) => Signer([.. ids.Select(id => (id, (byte)id[0]))]);

    private static TokenSigner Signer(params (string Id, byte Secret)[] keys)
    {
        var options = new BillingOptions();
        foreach (var (id, secret) in keys)
        {
            options.SigningKeys.Add(new SigningKeyOptions { Id = id, Secret = Convert.ToBase64String(Enumerable.Repeat(secret, 32).ToArray()) });
        }
        return new TokenSigner(Options.Create(options), Options.Create(new StripeOptions { ApiKey = "sk_test_x" }), TimeProvider.System);
    }

    private static string Encode(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string Decode(string text) => Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(text));

    private static async Task<ApiAnswer> MintAsync(BillingWorld world, string json) =>
        await world.SendAsync(HttpMethod.Post, "/v1/billing/tokens", await world.CreateKeyAsync(Role.Service), json);
}
