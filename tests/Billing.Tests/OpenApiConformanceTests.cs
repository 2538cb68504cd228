using System.Text;
using System.Text.Json.Nodes;
using Billing.Authentication;
using Billing.Tests.World;

namespace Billing.Tests;

/// <summary>Real answers are as the contract says: status, body and headers.</summary>
public sealed class OpenApiConformanceTests(BillingFixture fixture)
{
    /// <summary>What HTTP and browsers have anyway, and clients of the API do not read.</summary>
    private static readonly string[] Plumbing =
        ["Date", "Server", "Transfer-Encoding", "Connection", "Cache-Control", "Pragma", "Vary", "X-Content-Type-Options", "Referrer-Policy", "Content-Security-Policy"];

    private readonly BillingWorld _world = fixture.World;
    private readonly ContractDocument _contract = new(fixture.World);

    [Fact]
    public async Task Successes_FitTheContract()
    {
        var org = await TestOrg.CreateAsync(_world);
        await ExpectAsync(200, "GET /v1/billing/status", org.OwnerKey);
        await ExpectAsync(200, "GET /v1/billing/credits", org.OwnerKey);
        await ExpectAsync(200, "POST /v1/billing/topup", org.OwnerKey, """{"credits":2500,"successUrl":null}""");
        const string Keyed = "contract-1";
        var checkout = await ExpectAsync(200, "POST /v1/billing/checkout", org.OwnerKey, """{"tier":"pro","billing_cycle":"yearly"}""", idempotencyKey: Keyed);
        var replay = await ExpectAsync(200, "POST /v1/billing", org.OwnerKey, """{"plan":"pro","interval":"annual"}""", idempotencyKey: Keyed);
        Assert.True(replay.Headers.Contains("Idempotent-Replayed"));
        await org.PayAsync(checkout["url"]!);
        await ExpectAsync(200, "POST /v1/billing/activate", org.OwnerKey, $$"""{"session_id":"{{checkout["session_id"]}}"}""");
        var status = await ExpectAsync(200, "GET /v1/billing", org.OwnerKey);
        Assert.Equal("annual", status["interval"]);
        await ExpectAsync(200, "GET /v1/billing/credits", org.OwnerKey);
        await ExpectAsync(200, "POST /v1/billing/portal", org.OwnerKey, "{}");
        await ExpectAsync(200, "POST /v1/billing/checkout", org.OwnerKey, """{"plan":"team"}""");
    }

    [Fact]
    public async Task Errors_FitTheContract()
    {
        var org = await TestOrg.CreateAsync(_world);
        var member = await _world.CreateKeyAsync(Role.Member, org.Id);
        var service = await _world.CreateKeyAsync(Role.Service);
        await ExpectAsync(400, "POST /v1/billing/checkout", org.OwnerKey, """{"plan":"none","price_id":"price_1"}""");
        await ExpectAsync(400, "POST /v1/billing/portal", org.OwnerKey, "{}");
        await ExpectAsync(400, "GET /v1/billing/status", service);
        await ExpectAsync(401, "GET /v1/billing/credits", key: null);
        await ExpectAsync(403, "POST /v1/billing/topup", member, """{"pack":"small"}""");
        await ExpectAsync(403, "POST /v1/billing/activate", org.OwnerKey, """{"session_id":"cs_test_nobody_knows"}""");
        await ExpectAsync(404, "GET /v1/billing/status", service, org: "nobody");
        await ExpectAsync(413, "POST /v1/billing/topup", org.OwnerKey, $$"""{"pack":"{{new string('x', 70_000)}}"}""");
        await ExpectAsync(415, "POST /v1/billing/topup", org.OwnerKey, """{"pack":"small"}""", contentType: "text/plain");
        await ExpectAsync(400, "POST /v1/billing/webhook", key: null, "{}");
        await ExpectAsync(415, "POST /v1/billing/webhook", key: null, "{}", contentType: "text/plain");
        await ExpectAsync(200, "POST /v1/billing/topup", org.OwnerKey, """{"pack":"small"}""", idempotencyKey: "contract-2");
        await ExpectAsync(422, "POST /v1/billing/topup", org.OwnerKey, """{"pack":"large"}""", idempotencyKey: "contract-2");
    }

    [Fact]
    public async Task Conflict_FitsTheContract()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.BuyAsync();
        await org.EventuallyAsync("plan", "pro");
        var refused = await ExpectAsync(409, "POST /v1/billing/checkout", org.OwnerKey, """{"plan":"pro"}""");

        var reasons = _contract.Answer("POST /v1/billing/checkout", 409)!["content"]!["application/json"]!["examples"]!.AsObject();
        Assert.Contains(refused["error.details.reason"]!, reasons);
    }

    private async Task<ApiAnswer> ExpectAsync(
        int status, string call, string? key, string? json = null, string? org = null, string? idempotencyKey = null, string contentType = "application/json")
    {
        using var client = _world.Client(key);
        client.DefaultRequestHeaders.ExpectContinue = json?.Length > 50_000; // so that a refusal arrives before the body is sent
        using var request = new HttpRequestMessage(new HttpMethod(call.Split(' ')[0]), call.Split(' ')[1]);
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, contentType);
        foreach (var (name, value) in new[] { (Caller.OrgHeader, org), ("Idempotency-Key", idempotencyKey) })
        {
            if (value is not null)
            {
                request.Headers.Add(name, value);
            }
        }
        using var response = await client.SendAsync(request);
        var answer = await ApiAnswer.ReadAsync(response);
        Assert.Equal(status, answer.Status);
        AssertFits(call, answer, status < 300 ? json : null);
        return answer;
    }

    private void AssertFits(string call, ApiAnswer answer, string? accepted)
    {
        var check = new SchemaCheck(_contract);
        var documented = _contract.Answer(call, answer.Status);
        Assert.True(documented is not null, $"{call} answers {answer.Status}, which the contract does not say.");
        Assert.Empty(check.Problems(answer.Body, documented["content"]!["application/json"]!["schema"]!));
        AssertHeadersFit(documented["headers"]!.AsObject(), [.. answer.Headers.Select(header => header.Key)]);
        if (accepted is not null)
        {
            var request = _contract.Operations.Single(operation => operation.Call == call).Operation["requestBody"]!["content"]!["application/json"]!["schema"]!;
            Assert.Empty(check.Problems(JsonNode.Parse(accepted), request));
        }
    }

    private void AssertHeadersFit(JsonObject documented, string[] sent)
    {
        var names = documented.Select(header => header.Key);
        Assert.Empty(sent.Except(Plumbing, StringComparer.OrdinalIgnoreCase).Except(names, StringComparer.OrdinalIgnoreCase));
        var required = documented.Where(header => (bool?)_contract.Follow(header.Value)!["required"] == true).Select(header => header.Key);
        Assert.Empty(required.Except(sent, StringComparer.OrdinalIgnoreCase));
    }
}
