using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using StripeSandbox.Protocol;
using StripeSandbox.Resources;
using StripeSandbox.Reversals;
using StripeSandbox.State;

namespace StripeSandbox.Control;

/// <summary>The hand of the buyer's bank: opens a dispute of any charge, and decides it.</summary>
internal sealed class DisputeControl(Accounts accounts)
{
    private static readonly string[] Reasons = ["bank_cannot_process", "credit_not_processed", "duplicate", "fraudulent", "general", "noncompliant",
        "product_not_received", "product_unacceptable", "subscription_canceled", "unrecognized"];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/_sandbox/disputes", http => ControlApi.RunAsync(http, Open));
        MapOutcome(routes, "win", DisputeOutcome.Win);
        MapOutcome(routes, "lose", DisputeOutcome.Lose);
        MapOutcome(routes, "close", DisputeOutcome.CloseInquiry);
        MapOutcome(routes, "escalate", DisputeOutcome.Escalate);
    }

    private void MapOutcome(IEndpointRouteBuilder routes, string name, Func<Transaction, JsonObject, JsonObject> run) =>
        routes.MapPost($"/_sandbox/disputes/{{id}}/{name}", http => ControlApi.RunAsync(http, _ => InAccountOf(Disputes.Type, ControlApi.Segment(http, "id"), run)));

    /// <summary>The bank decides for the shop, or for the buyer.</summary>
    public JsonObject Decide(string id, bool isWon) => InAccountOf(Disputes.Type, id, isWon ? DisputeOutcome.Win : DisputeOutcome.Lose);

    public JsonObject Open(JsonObject body)
    {
        var (chargeId, intentId) = (Text(body, "charge"), Text(body, "payment_intent"));
        if (chargeId is null == intentId is null)
        {
            throw StripeError.BadParameter("Give either {\"charge\": \"ch_...\"} or {\"payment_intent\": \"pi_...\"}.", "charge");
        }

        var order = ReadOrder(body);
        return chargeId is not null ? InAccountOf(Charges.Type, chargeId, (tx, charge) => DisputeCourse.Open(tx, charge, order))
            : InAccountOf(PaymentIntents.Type, intentId!, (tx, intent) => DisputeCourse.Open(tx, ChargeOf(tx, intent), order));
    }

    private static DisputeOrder ReadOrder(JsonObject body)
    {
        var reason = Text(body, "reason") ?? "fraudulent";
        if (!Reasons.Contains(reason))
        {
            throw StripeError.BadParameter($"Invalid reason: must be one of {string.Join(", ", Reasons)}.", "reason");
        }

        var amount = body.NumberOrNull("amount");
        if (amount is null && body["amount"] is not null)
        {
            throw StripeError.BadParameter("The amount must be a whole number of minor units.", "amount");
        }

        if (body["inquiry"]?.GetValueKind() is not (null or JsonValueKind.True or JsonValueKind.False))
        {
            throw StripeError.BadParameter("The inquiry must be true or false.", "inquiry");
        }

        return new DisputeOrder(reason) { Amount = amount, IsInquiry = body.Flag("inquiry") };
    }

    private static string? Text(JsonObject body, string name) => body[name] is null || body.TextOrNull(name) is { Length: > 0 }
        ? body.TextOrNull(name)
        : throw StripeError.BadParameter($"\"{name}\" must be a text.", name);

    private static JsonObject ChargeOf(Transaction tx, JsonObject intent) => intent.TextOrNull("latest_charge") is { } id
        ? tx.Get(Charges.Type, id)
        : throw StripeError.Refused($"Payment intent {intent.Id()} has no charge yet.");

    // Nobody called the API, so the events name no request.
    private JsonObject InAccountOf(string type, string id, Func<Transaction, JsonObject, JsonObject> run)
    {
        var account = accounts.Holding(type, id) ?? throw StripeError.NotFound(type, id);
        return account.Execute(RequestOrigin.None, tx => tx.Render(run(tx, tx.Get(type, id))));
    }
}
