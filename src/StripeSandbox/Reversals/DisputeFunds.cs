using System.Text.Json.Nodes;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Reversals;

/// <summary>The disputed money: out of our balance when a dispute begins, back when it is won. Without Stripe's fees.</summary>
internal static class DisputeFunds
{
    public static void Withdraw(Transaction tx, JsonObject dispute) =>
        Move(tx, dispute, "charge.dispute.funds_withdrawn", -dispute.Number("amount"), "Chargeback withdrawal", "dispute");

    public static void Reinstate(Transaction tx, JsonObject dispute) =>
        Move(tx, dispute, "charge.dispute.funds_reinstated", dispute.Number("amount"), "Chargeback reversal", "dispute_reversal");

    private static void Move(Transaction tx, JsonObject dispute, string type, long amount, string what, string category)
    {
        var edited = tx.Edit(dispute);
        edited["balance_transactions"]!.AsArray().Add(new JsonObject
        {
            ["id"] = Ids.New("txn_1", 23),
            ["object"] = "balance_transaction",
            ["amount"] = amount,
            ["available_on"] = tx.Now,
            ["balance_type"] = "payments",
            ["created"] = tx.Now,
            ["currency"] = edited.Text("currency"),
            ["description"] = $"{what} for {edited.Text("charge")}",
            ["fee"] = 0L,
            ["fee_details"] = new JsonArray(),
            ["net"] = amount,
            ["reporting_category"] = category,
            ["source"] = edited.Id(),
            ["status"] = "available",
            ["type"] = "adjustment",
        }.WithNulls("exchange_rate"));
        tx.Emit(type, edited);
    }
}
