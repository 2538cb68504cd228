using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using StripeSandbox.Checkout;
using StripeSandbox.Protocol;
using StripeSandbox.Resources;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Control;

/// <summary>What a developer or a test does to the sandbox itself: its clock, its deliveries, a buyer's hand. JSON, no key, all accounts.</summary>
internal sealed class ControlApi(SandboxCore core)
{
    /// <summary>For probes and scripts.</summary>
    public ContentHttpResult Health() => Answer(new JsonObject { ["status"] = "ok", ["api_version"] = ApiPipeline.ApiVersion, ["now"] = core.Clock.UnixNow });

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/_sandbox/clock", () => Answer(ClockJson()));
        routes.MapPost("/_sandbox/clock/advance", AdvanceAsync);
        routes.MapGet("/_sandbox/deliveries", () => Answer(ListDeliveries()));
        routes.MapPost("/_sandbox/deliveries/settle", http => RunAsync(http, async _ => new JsonObject { ["to_come"] = await core.SettleAsync(http.RequestAborted) }));
        routes.MapPost("/_sandbox/events/{id}/resend", http => RunAsync(http, _ => Resend(Segment(http, "id"))));
        routes.MapPost("/_sandbox/checkout/sessions/{id}/pay", http => RunAsync(http, body => Pay(Segment(http, "id"), body)));
    }

    internal static string Segment(HttpContext http, string name) => (string)http.GetRouteValue(name)!;

    internal static ContentHttpResult Answer(JsonNode json, int status = 200) => TypedResults.Text(JsonOutput.Pretty(json) + "\n", "application/json", statusCode: status);

    internal static Task RunAsync(HttpContext http, Func<JsonObject, JsonObject> run) => RunAsync(http, body => Task.FromResult(run(body)));

    private static async Task RunAsync(HttpContext http, Func<JsonObject, Task<JsonObject>> run)
    {
        ContentHttpResult answer;
        try
        {
            answer = Answer(await run(await ControlBody.ReadAsync(http.Request)));
        }
        catch (StripeError error)
        {
            answer = Answer(error.ToJson(), error.Status);
        }
        await answer.ExecuteAsync(http);
    }

    private JsonObject ClockJson() => new() { ["now"] = core.Clock.UnixNow, ["offset_seconds"] = (long)core.Clock.Offset.TotalSeconds };

    private Task AdvanceAsync(HttpContext http) => RunAsync(http, body => AdvanceAsync(body, http.RequestAborted));

    internal async Task<JsonObject> AdvanceAsync(JsonObject body, CancellationToken ct)
    {
        var (seconds, to) = (body.NumberOrNull("seconds"), body.NumberOrNull("to"));
        if (seconds is null == to is null || seconds < 0)
        {
            throw StripeError.BadParameter("Give either {\"seconds\": n} with n >= 0 or {\"to\": unix seconds}.", "seconds");
        }

        var target = to is { } at ? DateTimeOffset.FromUnixTimeSeconds(at) : core.Clock.GetUtcNow().AddSeconds(seconds!.Value);
        if (target < core.Clock.GetUtcNow().AddSeconds(-1))
        {
            throw StripeError.BadParameter("The clock never goes back.", "to");
        }

        await core.Progress.AdvanceToAsync(target, ct);
        return ClockJson();
    }

    private JsonObject ListDeliveries() => JsonFields.List("/_sandbox/deliveries", core.Accounts.All.SelectMany(account =>
        account.Execute(RequestOrigin.None, tx => tx.NewestFirst(Delivery.Type).Select(delivery => delivery.Clone()).ToArray())));

    internal JsonObject Resend(string eventId)
    {
        var account = core.Accounts.Holding(Events.Type, eventId) ?? throw StripeError.NotFound(Events.Type, eventId);
        return account.Execute(RequestOrigin.None, tx =>
        {
            var json = tx.Get(Events.Type, eventId);
            var made = WebhookRouting.EndpointsFor(tx, json.Text("type")).ToArray().Select(endpoint => tx.Add(Delivery.New(json, endpoint, tx.Now, "resent")));
            return JsonFields.List("/_sandbox/deliveries", made.Select(delivery => delivery.Clone()).ToArray());
        });
    }

    private JsonObject Pay(string sessionId, JsonObject body)
    {
        var account = core.Accounts.Holding(CheckoutSessions.Type, sessionId) ?? throw StripeError.NotFound(CheckoutSessions.Type, sessionId);
        var entry = PaymentEntry.Read(name => name switch
        {
            "card_number" => body.TextOrNull("card") ?? "4242424242424242",
            "exp" => body.TextOrNull("exp") ?? "12/50",
            "cvc" => body.TextOrNull("cvc") ?? (body.TextOrNull("card")?.StartsWith('3') == true ? "1234" : "123"),
            _ => body.TextOrNull(name),
        }, core.Clock.GetUtcNow());
        return account.Execute(new RequestOrigin(Ids.New("req_", 14)), tx =>
        {
            var session = SessionCompletion.Pay(tx, tx.Get(CheckoutSessions.Type, sessionId), entry, body.TextOrNull("email"));
            return tx.Render(Authentication.IsAwaited(session) ? Authentication.Complete(tx, session) : session);
        });
    }
}
