using System.Text.Json.Nodes;
using StripeSandbox.Protocol;
using StripeSandbox.Resources;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Reversals;

/// <summary>How a dispute goes on or ends. Each refuses (400) a dispute that is not in a state for it.</summary>
internal static class DisputeOutcome
{
    public static JsonObject Win(Transaction tx, JsonObject dispute)
    {
        var won = Close(tx, dispute, "won", isRefundable: true, "needs_response", "under_review");
        DisputeFunds.Reinstate(tx, won);
        return won;
    }

    public static JsonObject Lose(Transaction tx, JsonObject dispute) =>
        Close(tx, dispute, "lost", isRefundable: false, "needs_response", "under_review");

    /// <summary>We give in. What is under review, or only an inquiry, cannot be given up over the API.</summary>
    public static JsonObject Accept(Transaction tx, JsonObject dispute) => Close(tx, dispute, "lost", isRefundable: false, "needs_response");

    public static JsonObject CloseInquiry(Transaction tx, JsonObject dispute) =>
        Close(tx, dispute, "warning_closed", isRefundable: true, "warning_needs_response", "warning_under_review");

    /// <summary>The bank is not content: the inquiry becomes a dispute, and the money goes.</summary>
    public static JsonObject Escalate(Transaction tx, JsonObject dispute)
    {
        Require(dispute, "needs_response", "warning_needs_response", "warning_under_review");
        if (IsRefundedInFull(tx, dispute))
        {
            throw StripeError.Refused($"The charge of {dispute.Id()} is refunded in full: no more can be withdrawn.");
        }

        var escalated = tx.Change("charge.dispute.updated", dispute, edited =>
        {
            edited["is_charge_refundable"] = false;
            edited["status"] = "needs_response";
            edited.Object("evidence_details")["due_by"] = DisputeCourse.DueBy(tx, isInquiry: false);
            if (edited.Object("payment_method_details")["card"] is JsonObject card)
            {
                card["case_type"] = "chargeback";
            }

            (edited["_verdict"], edited["_decided_at"]) = (null, null);
        });
        DisputeFunds.Withdraw(tx, escalated);
        return escalated;
    }

    public static bool IsRefundedInFull(Transaction tx, JsonObject dispute) => tx.Get(Charges.Type, dispute.Text("charge")).Flag("refunded");

    private static JsonObject Close(Transaction tx, JsonObject dispute, string status, bool isRefundable, params string[] from)
    {
        Require(dispute, status, from);
        var closed = tx.Edit(dispute);
        (closed["status"], closed["is_charge_refundable"]) = (status, isRefundable);
        tx.Emit("charge.dispute.closed", closed);
        return closed;
    }

    private static void Require(JsonObject dispute, string target, params string[] from)
    {
        if (!from.Contains(dispute.Text("status")))
        {
            throw StripeError.Refused($"This dispute is {dispute.Text("status")} and cannot become {target}: only one that is {string.Join(" or ", from)} can.");
        }
    }
}
