using System.Text.Json.Nodes;
using StripeSandbox.Protocol;
using StripeSandbox.Resources;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Billing;

/// <summary>Taking money from a card: a payment intent, and a charge for each attempt.</summary>
internal static class Payment
{
    /// <summary>Takes the money or takes back all that the transaction did; gives the payment intent.</summary>
    /// <exception cref="StripeError">402: the card is declined.</exception>
    public static JsonObject Take(Transaction tx, PaymentOrder order, JsonObject method)
    {
        var intent = Begin(tx, order);
        return Attempt(tx, intent, method) is { } refusal ? throw refusal.ToError() : intent;
    }

    /// <summary>A payment intent that waits for its first attempt.</summary>
    public static JsonObject Begin(Transaction tx, PaymentOrder order)
    {
        var intent = tx.Add(PaymentIntents.New(tx, order));
        tx.Emit("payment_intent.created", intent);
        return intent;
    }

    /// <summary>Charges the card once and reports how it went; null: paid.</summary>
    public static Refusal? Attempt(Transaction tx, JsonObject intent, JsonObject method)
    {
        var refusal = Refusal.Of(method);
        var edited = tx.Edit(intent);
        var charge = tx.Add(Charges.New(tx, edited, method, refusal));
        edited["amount_received"] = refusal is null ? edited.Number("amount") : 0L;
        edited["latest_charge"] = charge.Id();
        edited["last_payment_error"] = refusal?.ToPaymentError(charge.Id(), tx.Render(method));
        edited["payment_method"] = refusal is null ? method.Id() : null;
        edited["status"] = refusal is null ? "succeeded" : "requires_payment_method";
        tx.Emit(refusal is null ? "charge.succeeded" : "charge.failed", charge);
        tx.Emit(refusal is null ? "payment_intent.succeeded" : "payment_intent.payment_failed", edited);
        return refusal;
    }
}

/// <summary>What is to be paid, in minor units of the currency.</summary>
internal sealed record PaymentOrder(long Amount, string Currency)
{
    public string? CustomerId { get; init; }

    public string? Description { get; init; }

    public string? ReceiptEmail { get; init; }

    public string? SetupFutureUsage { get; init; }

    public JsonObject Metadata { get; init; } = [];
}
