using Billing.Authentication;
using Billing.Tests.World;
using Billing.Tokens;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Billing.Tests;

/// <summary>Every call × every credential, for the own and another org.</summary>
public sealed class AccessMatrixTests(BillingFixture fixture)
{
    private static readonly Role[] OrgRoles = [Role.Member, Role.Admin, Role.Owner];

    private readonly BillingWorld _world = fixture.World;

    public static TheoryData<string> Calls => [.. AccessTable.Rows.Select(row => row.Call)];

    [Fact]
    public void Table_HasExactlyTheCallsOfTheHost()
    {
        var mapped =
            from endpoint in _world.Service<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            where !endpoint.RoutePattern.RawText!.StartsWith("/swagger/", StringComparison.Ordinal) // in development only
            from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["ANY"]
            select $"{method} /{endpoint.RoutePattern.RawText!.Trim('/')}";

        Assert.Equal(AccessTable.Rows.Select(row => row.Call).Order(), mapped.Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_WithEachKindOfCredential_IsAnsweredAsTheTableSays(string call)
    {
        var row = AccessTable.Rows.Single(r => r.Call == call);
        var (own, other) = ((await TestOrg.CreateAsync(_world)).Id, (await TestOrg.CreateAsync(_world)).Id);
        var wrong = new List<string>();
        foreach (var (what, credential, named, status) in await CasesAsync(row, own, other))
        {
            var answer = await _world.SendAsync(
                row.Method, row.Path(own), json: row.Json(own), org: named, authorization: credential is null ? null : "Bearer " + credential);
            if (answer.Status != status || (status is 401 or 403 && answer["error.code"] != (status == 401 ? "AUTH_ERROR" : "FORBIDDEN")))
            {
                wrong.Add($"{what}: {answer.Status} {answer["error.code"]} and not {status}");
            }
        }
        Assert.Empty(wrong);
    }

    private async Task<List<(string What, string? Credential, string? Named, int Status)>> CasesAsync(AccessRow row, string own, string other)
    {
        var cases = new List<(string, string?, string?, int)>();
        var open = row.Needs == Needs.Nothing;
        foreach (var role in OrgRoles)
        {
            foreach (var (kind, credential) in new[] { ("key", await _world.CreateKeyAsync(role, own)), ("token", Token(own, role)) })
            {
                var may = open || row.Least <= role ? row.Allowed : 403;
                cases.Add(($"{role} {kind}", credential, null, may));
                cases.Add(($"{role} {kind} that names its org", credential, own, may));
                cases.Add(($"{role} {kind} that names another org", credential, other, row.Needs == Needs.Org ? 403 : may));
            }
        }
        foreach (var role in new[] { Role.Service, Role.Operator })
        {
            var key = await _world.CreateKeyAsync(role);
            var may = open || row.Least <= role ? row.Allowed : 403;
            cases.Add(($"{role} key", key, own, may));
            cases.Add(($"{role} key that names no org", key, null, row.Needs == Needs.Org && may != 403 ? 400 : may));
            cases.Add(($"{role} key that names an unknown org", key, "nobody", row.Needs == Needs.Org && may != 403 ? row.UnknownOrg : may));
        }
        foreach (var (what, credential) in await UselessAsync(own))
        {
            cases.Add((what, credential, own, open ? row.Allowed : 401));
        }
        return cases;
    }

    /// <summary>What proves nothing; each is one step away from a credential that may do everything here.</summary>
    private async Task<List<(string What, string? Credential)>> UselessAsync(string org)
    {
        var (key, service, token) = (await _world.CreateKeyAsync(Role.Owner, org), await _world.CreateKeyAsync(Role.Operator), Token(org, Role.Owner));
        return
        [
            ("nothing", null),
            ("an empty credential", ""),
            ("a malformed key", "x"),
            ("a key that nobody has", KeyMaterial.NewKey(livemode: false)),
            ("a key cut short", service[..^1]),
            ("an org key of the other mode", key.Replace("bk_test_", "bk_live_")),
            ("an operator key of the other mode", service.Replace("bk_test_", "bk_live_")),
            ("a revoked key", await RevokedAsync()),
            ("an expired token", Token(org, Role.Owner, TimeSpan.Zero)),
            ("a token of the other mode", Signer(livemode: true).Sign(org, Role.Owner, Now.AddHours(1))),
            ("a token with another signature", token[..(token.LastIndexOf('.') + 1)] + Token("x", Role.Owner).Split('.')[2]),
            ("a token without a signature", token[..(token.LastIndexOf('.') + 1)]),
            ("an encrypted token", string.Join('.', token.Split('.')[0], "a", "b", "c", "d")),
            ("a token too long to read", token + new string('A', 10_000)),
            ("the start of a token", "eyJ"),
        ];
    }

    private async Task<string> RevokedAsync()
    {
        var key = await _world.CreateKeyAsync(Role.Operator);
        await using var db = _world.OpenDb();
        var hash = KeyMaterial.Hash(key, livemode: false);
        var row = await db.ApiKeys.SingleAsync(k => k.Hash == hash);
        await _world.Service<ApiKeys>().RevokeAsync(row.Id, CancellationToken.None);
        return key;
    }

    private DateTimeOffset Now => DateTimeOffset.FromUnixTimeSeconds(_world.Sandbox.Clock.GetUtcNow().ToUnixTimeSeconds());

    private string Token(string org, Role role, TimeSpan? life = null) =>
        _world.Service<TokenSigner>().Sign(org, role, Now + (life ?? TimeSpan.FromHours(1)));

    private TokenSigner Signer(bool livemode) => new(
        _world.Service<IOptions<BillingOptions>>(),
        Options.Create(new StripeOptions { ApiKey = livemode ? "sk_live_x" : "sk_test_x" }), _world.Sandbox.Clock);
}
