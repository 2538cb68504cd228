using System.Text.Json.Nodes;
using StripeSandbox.Protocol;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Reversals;

/// <summary>
/// What we tell the bank. Staged until it is submitted, once; then three test texts as <c>uncategorized_text</c> decide the
/// case by themselves, and any other leaves it under review.
/// </summary>
internal static class DisputeEvidence
{
    public const string Wins = "winning_evidence";
    public const string Loses = "losing_evidence";
    public const string Escalates = "escalate_inquiry_evidence";

    private const int LongText = 20_000;
    private const int ShortText = 5_000;

    private static readonly string[] Long = ["access_activity_log", "cancellation_policy_disclosure", "cancellation_rebuttal", "duplicate_charge_explanation",
        "product_description", "refund_policy_disclosure", "refund_refusal_explanation", "uncategorized_text"];

    private static readonly string[] Short = ["billing_address", "customer_email_address", "customer_name", "customer_purchase_ip", "duplicate_charge_id",
        "service_date", "shipping_address", "shipping_carrier", "shipping_date", "shipping_tracking_number"];

    private static readonly string[] Files = ["cancellation_policy", "customer_communication", "customer_signature", "duplicate_charge_documentation", "receipt",
        "refund_policy", "service_documentation", "shipping_documentation", "uncategorized_file"];

    public static JsonObject None => new JsonObject { ["enhanced_evidence"] = new JsonObject() }.WithNulls([.. Long, .. Short, .. Files]);

    /// <exception cref="StripeError">400: the case waits for no evidence, or there is none to submit.</exception>
    public static JsonObject Give(Transaction tx, JsonObject dispute, Params? given, bool submit)
    {
        if (dispute.Text("status") is not ("needs_response" or "warning_needs_response"))
        {
            throw StripeError.Refused($"This dispute is {dispute.Text("status")}: its evidence can no longer be changed.");
        }

        return tx.Change("charge.dispute.updated", dispute, edited =>
        {
            var evidence = edited.Object("evidence");
            given?.RefuseNotEmulated([.. Files, "enhanced_evidence"]);
            given?.CopyTexts(evidence, LongText, Long);
            given?.CopyTexts(evidence, ShortText, Short);
            var details = edited.Object("evidence_details");
            details["has_evidence"] = evidence.Any(field => field.Value is JsonValue);
            if (submit)
            {
                Submit(tx, edited, details);
            }
        });
    }

    private static void Submit(Transaction tx, JsonObject dispute, JsonObject details)
    {
        if (!details.Flag("has_evidence"))
        {
            throw StripeError.Refused("You cannot submit a dispute without any evidence.");
        }

        details["submission_count"] = details.Number("submission_count") + 1;
        dispute["status"] = DisputeCourse.IsInquiry(dispute) ? "warning_under_review" : "under_review";
        var verdict = dispute.Object("evidence").TextOrNull("uncategorized_text");
        if (verdict is Wins or Loses or Escalates)
        {
            dispute["_verdict"] = verdict;
            dispute["_decided_at"] = tx.Now + Aftermath.DelaySeconds;
        }
    }
}
