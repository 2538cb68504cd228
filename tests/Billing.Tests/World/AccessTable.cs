using Billing.Authentication;

namespace Billing.Tests.World;

/// <summary>Every call of the host and who may make it. A call without a row fails <see cref="AccessMatrixTests"/>.</summary>
internal static class AccessTable
{
    public static readonly IReadOnlyList<AccessRow> Rows =
    [
        new("GET /health/live", Needs.Nothing),
        new("GET /health/ready", Needs.Nothing),
        new("POST /v1/billing/webhook", Needs.Nothing, Allowed: 400),
        new("POST /v1/billing/webhooks", Needs.Nothing, Allowed: 400),
        new("POST /v1/billing", Needs.Org, Role.Owner, Allowed: 400),
        new("POST /v1/billing/checkout", Needs.Org, Role.Owner, Allowed: 400),
        new("POST /v1/billing/activate", Needs.Org, Role.Owner, Allowed: 400),
        new("POST /v1/billing/portal", Needs.Org, Role.Admin, Allowed: 400),
        new("POST /v1/billing/topup", Needs.Org, Role.Owner, Allowed: 400),
        new("GET /v1/billing/credits", Needs.Org, Role.Member),
        new("GET /v1/billing/credits/ledger", Needs.Org, Role.Member),
        new("POST /v1/billing/credits/debit", Needs.Org, Role.Service, Allowed: 400, UnknownOrg: 400),
        new("POST /v1/billing/credits/holds", Needs.Org, Role.Service, Allowed: 400, UnknownOrg: 400),
        new("POST /v1/billing/credits/holds/{id}/settle", Needs.Org, Role.Service, Allowed: 404),
        new("POST /v1/billing/credits/holds/{id}/release", Needs.Org, Role.Service, Allowed: 404),
        new("GET /v1/billing", Needs.Org, Role.Member),
        new("GET /v1/billing/status", Needs.Org, Role.Member),
        new("GET /v1/billing/orgs/{id}", Needs.Role, Role.Service),
        new("PUT /v1/billing/orgs/{id}", Needs.Role, Role.Service),
        new("POST /v1/billing/tokens", Needs.Role, Role.Service, """{"org":"{id}","role":"member"}"""),
        new("GET /v1/ops/orgs/{id}", Needs.Role, Role.Operator),
        new("GET /v1/ops/orgs/{id}/explain", Needs.Role, Role.Operator),
        new("POST /v1/ops/orgs/{id}/sync", Needs.Role, Role.Operator, Allowed: 400),
        new("POST /v1/ops/orgs/{id}/erase", Needs.Role, Role.Operator, Allowed: 400),
        new("POST /v1/ops/orgs/{id}/credits/grant", Needs.Role, Role.Operator, Allowed: 400),
        new("POST /v1/ops/orgs/{id}/credits/revoke", Needs.Role, Role.Operator, Allowed: 400),
        new("GET /v1/ops/orgs/{id}/credits/verify", Needs.Role, Role.Operator),
        new("GET /v1/ops/events", Needs.Role, Role.Operator),
        new("GET /v1/ops/events/{id}", Needs.Role, Role.Operator, Allowed: 404),
        new("POST /v1/ops/events/{id}/replay", Needs.Role, Role.Operator, Allowed: 400),
        new("GET /v1/ops/keys", Needs.Role, Role.Operator),
        new("POST /v1/ops/keys", Needs.Role, Role.Operator, Allowed: 400),
        new("POST /v1/ops/keys/{id}/revoke", Needs.Role, Role.Operator, Allowed: 400),
        new("POST /v1/ops/reconcile", Needs.Role, Role.Operator, Allowed: 400),
        new("GET /v1/ops/check", Needs.Role, Role.Operator),
        new("POST /v1/ops/stripe/setup", Needs.Role, Role.Operator, Allowed: 400),
    ];
}

/// <param name="Call">The method and the route's pattern.</param>
/// <param name="Needs">What the caller must bring.</param>
/// <param name="Least">The lowest role that may make the call.</param>
/// <param name="Body">What is sent; <c>{id}</c> stands for the org, here and in the path. By default <c>{}</c>.</param>
/// <param name="Allowed">The answer to whoever may: 400 where an empty body tells that the call was let in and nothing was done.</param>
/// <param name="UnknownOrg">The answer to whoever may and names an org that there is not; 400 where the org is looked for after the body.</param>
internal sealed record AccessRow(
    string Call, Needs Needs, Role Least = Role.Member, string? Body = null, int Allowed = 200, int UnknownOrg = 404)
{
    public HttpMethod Method => new(Call.Split(' ')[0]);

    public string Path(string org) => Call.Split(' ')[1].Replace("{id}", org);

    public string? Json(string org) => Body?.Replace("{id}", org);
}

internal enum Needs
{
    /// <summary>No key: anybody may call it.</summary>
    Nothing,

    /// <summary>A role, and an org that it is for: the call takes a <see cref="Caller"/>.</summary>
    Org,

    /// <summary>A role only; the org, if there is one, is in the path or body.</summary>
    Role,
}
