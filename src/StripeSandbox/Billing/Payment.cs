using System.Text.Json.Nodes;
using StripeSandbox.Resources;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Billing;

/// <summary>Taking money from a card that is known to be good: a succeeded payment intent with its charge.</summary>
internal static class Payment
{
    /// <summary>Charges the amount (minor units) and reports it; gives the payment intent.</summary>
    public static JsonObject Take(Transaction tx, PaymentOrder order)
    {
        var intent = tx.Add(PaymentIntents.New(tx, order));
        var charge = tx.Add(Charges.New(tx, order, intent.Id()));
        tx.Emit("payment_intent.created", intent);
        intent["amount_received"] = order.Amount;
        intent["latest_charge"] = charge.Id();
        intent["payment_method"] = order.Method.Id();
        intent["status"] = "succeeded";
        tx.Emit("charge.succeeded", charge);
        tx.Emit("payment_intent.succeeded", intent);
        return intent;
    }
}

internal sealed record PaymentOrder(long Amount, string Currency, JsonObject Method)
{
    public string? CustomerId { get; init; }

    public string? Description { get; init; }

    public string? ReceiptEmail { get; init; }

    public string? SetupFutureUsage { get; init; }

    public JsonObject Metadata { get; init; } = [];
}
