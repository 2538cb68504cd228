using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Authentication;
using Billing.Persistence;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests.Operations;

/// <summary>An operator with curl and the program.</summary>
internal sealed class OpsClient(BillingWorld world)
{
    private string? _key;

    public async Task<ApiAnswer> GetAsync(string path) => await world.SendAsync(HttpMethod.Get, "/v1/ops" + path, await KeyAsync());

    public async Task<ApiAnswer> PostAsync(string path, object body) =>
        await world.SendAsync(HttpMethod.Post, "/v1/ops" + path, await KeyAsync(), JsonSerializer.Serialize(body));

    /// <summary>Runs the program with <c>--json</c>; what a successful run wrote.</summary>
    public async Task<(int Code, JsonNode? Json, string Error)> RunAsync(params string[] args)
    {
        var (code, output, error) = await CommandLine.RunAsync(
            TestConfiguration.Create(world.ConnectionString, world.Sandbox.Url, "whsec_a_secret_of_some_length"), [.. args, "--json"]);
        return (code, code == 0 ? JsonNode.Parse(output) : null, error);
    }

    public async Task<List<AuditEntry>> AuditAsync(string orgId)
    {
        await using var db = world.OpenDb();
        return await db.Audit.AsNoTracking().Where(entry => entry.OrgId == orgId).OrderBy(entry => entry.CreatedAt).ToListAsync();
    }

    private async Task<string> KeyAsync() => _key ??= await world.CreateKeyAsync(Role.Operator);
}
