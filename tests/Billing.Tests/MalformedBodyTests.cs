using System.Text;
using Billing.Authentication;
using Billing.Tests.World;

namespace Billing.Tests;

/// <summary>What is no request of ours is refused in the one error shape by every call that takes a body, and changes nothing.</summary>
public sealed class MalformedBodyTests(BillingFixture fixture)
{
    private static readonly (string Body, string ContentType, int Status)[] Malformed =
    [
        ("{", "application/json", 400),
        ("null", "application/json", 400),
        ("[]", "application/json", 400),
        ("\"text\"", "application/json", 400),
        ("{\"a\":1}", "application/json", 400),
        ("{\"plan\":\"pro\",\"plan\":\"pro\"}", "application/json", 400),
        ("{\"\\ud800\":1}", "application/json", 400),
        ("{\"plan\":\"\0\"}", "application/json", 400),
        (new string('[', 5000), "application/json", 400),
        ("{\"amount\":1" + new string('0', 400) + "}", "application/json", 400),
        ("plan=pro", "application/x-www-form-urlencoded", 415),
        ("<plan/>", "text/xml", 415),
        ("{\"plan\":\"" + new string('x', 70_000) + "\"}", "application/json", 413),
    ];

    public static TheoryData<string> Calls => [.. AccessTable.Rows.Where(row => row.Needs != Needs.Nothing && row.Call[0] == 'P').Select(row => row.Call)];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Body_ThatIsNoRequest_IsRefusedInTheOneShape(string call)
    {
        var world = fixture.World;
        var row = AccessTable.Rows.Single(row => row.Call == call);
        var org = await TestOrg.CreateAsync(world);
        using var client = world.Client(await world.CreateKeyAsync(row.Least == Role.Operator ? Role.Operator : Role.Service));
        client.DefaultRequestHeaders.Add("Billing-Org", org.Id);
        client.DefaultRequestHeaders.Add("Idempotency-Key", "malformed");
        foreach (var (body, contentType, status) in Malformed)
        {
            using var request = new HttpRequestMessage(row.Method, row.Path("hold_0199c3f2a4b87e4f9a51d2c3b4a59687"));
            request.Headers.ExpectContinue = body.Length > 50_000; // so that a refusal arrives before the body is sent
            request.Content = new StringContent(body, Encoding.UTF8, contentType);
            using var response = await client.SendAsync(request);
            var answer = await ApiAnswer.ReadAsync(response);
            Assert.True(
                (answer.Status, answer["success"]) == (status, "false") && answer["error.code"] is not null && answer["metadata.request_id"] is not null,
                $"{call} with {body[..Math.Min(body.Length, 40)]}: {answer.Status} {answer.Body}");
        }
        Assert.Equal(("free", "0"), ((await org.StatusAsync())["plan"], (await org.CreditsAsync())["balance"]));
    }
}
