using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Protocol;
using StripeSandbox.Resources;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Reversals;

/// <summary>
/// Giving a charge back, whole or in parts (FACTS B.7, C.3 flow 10). The charge counts a refund from its beginning, pending
/// or not, and no longer counts one that failed. Invoices, subscriptions and payment intents stay as they are.
/// </summary>
internal static class RefundCourse
{
    /// <exception cref="StripeError">400: the charge failed, is disputed, or has less left than is asked for.</exception>
    public static JsonObject Give(Transaction tx, JsonObject charge, RefundOrder order)
    {
        var left = charge.Number("amount") - charge.Number("amount_refunded");
        Check(tx, charge, left, order.Amount);
        var refund = tx.Add(Refunds.New(tx, charge, order with { Amount = order.Amount ?? left }));
        tx.Emit("refund.created", refund);
        Count(tx, charge, refund.Number("amount"), edited => tx.Emit("charge.refunded", edited));
        return refund;
    }

    /// <summary>Unix seconds; null: what it is now it remains.</summary>
    public static long? DueAt(JsonObject refund) => refund.NumberOrNull("_settled_at");

    public static void Settle(Transaction tx, JsonObject refund)
    {
        var fails = refund.Text("status") == "succeeded";
        var settled = tx.Change("refund.updated", refund, edited =>
        {
            edited["_settled_at"] = null;
            edited["status"] = fails ? "failed" : "succeeded";
            edited.Remove("pending_reason");
            if (fails)
            {
                edited["failure_reason"] = "expired_or_canceled_card";
                edited.WithNulls();
            }
        }, alsoAs: "charge.refund.updated");
        if (fails)
        {
            tx.Emit("refund.failed", settled);
            Count(tx, tx.Get(Charges.Type, settled.Text("charge")), -settled.Number("amount"));
        }
    }

    // What is told of the charge itself comes before that it changed.
    private static void Count(Transaction tx, JsonObject charge, long amount, Action<JsonObject>? tell = null) =>
        tx.Change("charge.updated", charge, edited =>
        {
            edited["amount_refunded"] = edited.Number("amount_refunded") + amount;
            edited["refunded"] = edited.Number("amount_refunded") == edited.Number("amount");
            tell?.Invoke(edited);
        });

    private static void Check(Transaction tx, JsonObject charge, long left, long? amount)
    {
        if (charge.Text("status") != "succeeded")
        {
            throw StripeError.Refused($"Charge {charge.Id()} did not succeed, so there is nothing to refund.", "charge_not_refundable");
        }

        if (Disputes.Of(tx, charge).Any(dispute => !dispute.Flag("is_charge_refundable")))
        {
            throw StripeError.Refused($"Charge {charge.Id()} has been charged back; cannot issue a refund.", "refund_disputed_payment");
        }

        if (left == 0)
        {
            throw StripeError.Refused($"Charge {charge.Id()} has already been refunded.", "charge_already_refunded");
        }

        if (amount > left)
        {
            var currency = charge.Text("currency");
            throw StripeError.Refused(
                $"Refund amount ({Money.Display(amount.Value, currency)}) is greater than unrefunded amount on charge ({Money.Display(left, currency)})", param: "amount");
        }
    }
}

/// <summary>What is to be given back, in minor units of the charge's currency; no amount: all that is left.</summary>
internal sealed record RefundOrder(long? Amount, string? Reason, JsonObject Metadata);
