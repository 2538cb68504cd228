using System.Text.Json.Nodes;
using StripeSandbox.Protocol;
using StripeSandbox.Resources;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Reversals;

/// <summary>
/// How a dispute begins and what it does by itself (FACTS B.7, C.3 flow 11): evidence that names its verdict is decided a
/// little later, and silence loses a dispute and lets an inquiry lapse.
/// </summary>
internal static class DisputeCourse
{
    private const long DaySeconds = 24 * 60 * 60;
    private const long DisputeDays = 9;
    private const long InquiryDays = 120;

    public static bool IsInquiry(JsonObject dispute) => dispute.Text("status").StartsWith("warning_", StringComparison.Ordinal);

    /// <summary>Until when we may answer, unix seconds.</summary>
    public static long DueBy(Transaction tx, bool isInquiry) => tx.Now + (isInquiry ? InquiryDays : DisputeDays) * DaySeconds;

    /// <exception cref="StripeError">400: the charge took no money, less than is disputed, or is disputed already.</exception>
    public static JsonObject Open(Transaction tx, JsonObject charge, DisputeOrder order)
    {
        Check(tx, charge, order);
        var dispute = tx.Add(Disputes.New(tx, charge, order));
        tx.Emit("charge.dispute.created", dispute);
        if (!order.IsInquiry)
        {
            DisputeFunds.Withdraw(tx, dispute);
        }

        tx.Change("charge.updated", charge, edited => edited["disputed"] = true);
        return dispute;
    }

    /// <summary>Unix seconds; null: it is over, or under a review that only the control API ends.</summary>
    public static long? DueAt(JsonObject dispute) => dispute.Text("status") switch
    {
        "needs_response" or "warning_needs_response" => dispute.Object("evidence_details").NumberOrNull("due_by"),
        "under_review" or "warning_under_review" => dispute.NumberOrNull("_decided_at"),
        _ => null,
    };

    public static void Advance(Transaction tx, JsonObject due)
    {
        var dispute = tx.Edit(due);
        var verdict = dispute.TextOrNull("_verdict");
        (dispute["_verdict"], dispute["_decided_at"]) = (null, null);
        if (!IsInquiry(dispute))
        {
            // "escalate_inquiry_evidence" says nothing about a dispute: it stays under review.
            if (verdict is DisputeEvidence.Wins)
            {
                DisputeOutcome.Win(tx, dispute);
            }
            else if (verdict is DisputeEvidence.Loses or null)
            {
                DisputeOutcome.Lose(tx, dispute);
            }
        }
        else if (verdict is DisputeEvidence.Escalates && !DisputeOutcome.IsRefundedInFull(tx, dispute))
        {
            DisputeOutcome.Escalate(tx, dispute);
        }
        else
        {
            DisputeOutcome.CloseInquiry(tx, dispute);
        }
    }

    private static void Check(Transaction tx, JsonObject charge, DisputeOrder order)
    {
        if (charge.Text("status") != "succeeded")
        {
            throw StripeError.Refused($"Charge {charge.Id()} did not succeed, so there is nothing to dispute.");
        }

        if (order.Amount < 1 || order.Amount > charge.Number("amount"))
        {
            throw StripeError.BadParameter($"The disputed amount must lie between 1 and the charge's {charge.Number("amount")}.", "amount");
        }

        if (Disputes.Of(tx, charge).FirstOrDefault(dispute => dispute.Text("status") is not ("won" or "warning_closed")) is { } other)
        {
            throw StripeError.Refused($"Charge {charge.Id()} is already disputed: {other.Id()} is {other.Text("status")}.");
        }
    }
}

/// <summary>What the buyer's bank claims, in minor units of the charge's currency; no amount: the whole charge, refunded or not.</summary>
internal sealed record DisputeOrder(string Reason)
{
    public long? Amount { get; init; }

    /// <summary>The bank only asks; no money moves.</summary>
    public bool IsInquiry { get; init; }
}
