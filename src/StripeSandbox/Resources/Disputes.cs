using System.Text.Json.Nodes;
using StripeSandbox.Protocol;
using StripeSandbox.Reversals;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Resources;

/// <summary>Disputes and, before them, inquiries: the buyer's bank opens them, so the API only answers.</summary>
internal static class Disputes
{
    public const string Type = "dispute";

    public static void Map(Operations operations) => operations
        .Get("/v1/disputes", List)
        .Get("/v1/disputes/{dispute}", call => call.Subject(Type, "dispute"))
        .Post("/v1/disputes/{dispute}", Update)
        .Post("/v1/disputes/{dispute}/close", call => DisputeOutcome.Accept(call.Tx, call.Subject(Type, "dispute")));

    public static JsonObject New(Transaction tx, JsonObject charge, DisputeOrder order) => new JsonObject
    {
        ["id"] = Ids.New("du_1", 23),
        ["object"] = Type,
        ["amount"] = order.Amount ?? charge.Number("amount"),
        ["balance_transactions"] = new JsonArray(),
        ["charge"] = charge.Id(),
        ["created"] = tx.Now,
        ["currency"] = charge.Text("currency"),
        ["enhanced_eligibility_types"] = new JsonArray(),
        ["evidence"] = DisputeEvidence.None,
        ["evidence_details"] = new JsonObject
        {
            ["due_by"] = DisputeCourse.DueBy(tx, order.IsInquiry),
            ["enhanced_eligibility"] = new JsonObject(),
            ["has_evidence"] = false,
            ["past_due"] = false,
            ["submission_count"] = 0L,
        },
        ["is_charge_refundable"] = order.IsInquiry,
        ["livemode"] = false,
        ["metadata"] = new JsonObject(),
        ["payment_intent"] = charge.TextOrNull("payment_intent"),
        ["payment_method_details"] = MethodDetails(charge.Object("payment_method_details"), order),
        ["reason"] = order.Reason,
        ["status"] = order.IsInquiry ? "warning_needs_response" : "needs_response",
        ["_verdict"] = null,
        ["_decided_at"] = null,
    }.WithNulls();

    /// <summary>Those of a charge, newest first.</summary>
    public static IEnumerable<JsonObject> Of(Transaction tx, JsonObject charge) => tx.NewestFirst(Type).Where("charge", charge.Id());

    // Stripe tells more of a card only.
    private static JsonObject MethodDetails(JsonObject charged, DisputeOrder order)
    {
        var details = new JsonObject { ["type"] = charged.Text("type") };
        if (charged["card"] is JsonObject card)
        {
            var brand = card.Text("brand");
            details["card"] = new JsonObject { ["brand"] = brand, ["case_type"] = order.IsInquiry ? "inquiry" : "chargeback", ["network"] = brand }.WithNulls("network_reason_code");
        }

        return details.WithNulls();
    }

    private static JsonObject Update(Call call)
    {
        var p = call.Params;
        var dispute = call.Subject(Type, "dispute");
        var submit = p.Flag("submit");
        var evidence = p.Object("evidence");
        if (evidence is not null || submit is true)
        {
            dispute = DisputeEvidence.Give(call.Tx, dispute, evidence, submit ?? true);
        }

        return call.Tx.Change("charge.dispute.updated", dispute, edited => p.MergeMetadata(edited.Object("metadata")));
    }

    private static JsonObject List(Call call) => call.Page(call.Tx.NewestFirst(Type).Where("charge", call.Params.Text("charge"))
        .Where("payment_intent", call.Params.Text("payment_intent")).WhereCreated(call.Params));
}
