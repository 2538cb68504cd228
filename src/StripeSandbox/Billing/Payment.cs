using System.Text.Json.Nodes;
using StripeSandbox.Checkout;
using StripeSandbox.Protocol;
using StripeSandbox.Resources;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Billing;

/// <summary>Taking money: a payment intent, and a charge for each attempt. A card answers at once, a bank account days later.</summary>
internal static class Payment
{
    private const string Confirmed = "_confirmed";

    /// <summary>Takes the money, or takes back all that the transaction did; gives the payment intent, paid or <see cref="IsUnderWay"/>.</summary>
    /// <exception cref="StripeError">402: the card is declined.</exception>
    public static JsonObject Take(Transaction tx, PaymentOrder order, JsonObject method)
    {
        var intent = Begin(tx, order);
        return Attempt(tx, intent, method) is { } refusal ? throw refusal.ToError() : intent;
    }

    /// <summary>A payment intent that waits for an attempt: the order's, else a new one.</summary>
    public static JsonObject Begin(Transaction tx, PaymentOrder order)
    {
        if (order.IntentId is { } id)
        {
            var former = tx.Edit(tx.Get(PaymentIntents.Type, id));
            (former["amount"], former["customer"]) = (order.Amount, order.CustomerId);
            return former;
        }

        var intent = tx.Add(PaymentIntents.New(tx, order));
        tx.Emit("payment_intent.created", intent);
        return intent;
    }

    public static bool IsUnderWay(JsonObject intent) => intent.Text("status") == "processing";

    /// <summary>When the bank answers, unix seconds; null: nothing is under way.</summary>
    public static long? DueAt(JsonObject intent) => intent.NumberOrNull("_settles_at");

    /// <summary>Charges once and reports how it went; null: paid or, of a bank account, <see cref="IsUnderWay"/>.</summary>
    public static Refusal? Attempt(Transaction tx, JsonObject intent, JsonObject method)
    {
        var edited = tx.Edit(intent);
        var charge = tx.Add(Charges.New(tx, edited, method));
        edited["latest_charge"] = charge.Id();
        if (!MethodTypes.IsDelayed(method))
        {
            return Conclude(tx, edited, charge, method, Answer(tx, edited, method));
        }

        edited["last_payment_error"] = null;
        edited["payment_method"] = method.Id();
        edited["status"] = "processing";
        edited["_settles_at"] = tx.Now + (long)tx.Rules.Settlement.TotalSeconds;
        tx.Emit("charge.pending", charge);
        tx.Emit("payment_intent.processing", edited);
        return null;
    }

    /// <summary>The bank's answer to what is under way; null: paid.</summary>
    public static Refusal? Settle(Transaction tx, JsonObject intent)
    {
        var edited = tx.Edit(intent);
        edited["_settles_at"] = null;
        var method = tx.Get(PaymentMethods.Type, edited.Text("payment_method"));
        return Conclude(tx, edited, tx.Edit(tx.Get(Charges.Type, edited.Text("latest_charge"))), method, Answer(tx, edited, method));
    }

    /// <summary>The buyer has to confirm before the method is charged (3-D Secure).</summary>
    public static void Ask(Transaction tx, JsonObject intent, JsonObject method)
    {
        var edited = tx.Edit(intent);
        (edited["status"], edited["payment_method"], edited["last_payment_error"]) = ("requires_action", method.Id(), null);
        tx.Emit("payment_intent.requires_action", edited);
    }

    /// <summary>The buyer has confirmed, which counts for one attempt.</summary>
    public static void Confirm(Transaction tx, JsonObject intent) => tx.Edit(intent)[Confirmed] = true;

    /// <summary>An attempt that is known to fail; without a confirmation it does not come to a charge.</summary>
    public static void Fail(Transaction tx, JsonObject intent, JsonObject method, Refusal refusal)
    {
        var edited = tx.Edit(intent);
        if (refusal != Refusal.NotAuthenticated)
        {
            var charge = tx.Add(Charges.New(tx, edited, method));
            edited["latest_charge"] = charge.Id();
            Conclude(tx, edited, charge, method, refusal);
            return;
        }

        edited["last_payment_error"] = refusal.ToPaymentError(null, tx.Render(method));
        (edited["payment_method"], edited["status"]) = (null, "requires_payment_method");
        tx.Emit("payment_intent.payment_failed", edited);
    }

    private static Refusal? Answer(Transaction tx, JsonObject edited, JsonObject method)
    {
        var refusal = Refusal.Of(method);
        if (edited.Remove(Confirmed) && refusal == Refusal.NeedsAuthentication)
        {
            refusal = null;
        }

        return refusal ?? Refusal.OnPurpose(tx, edited, method);
    }

    private static Refusal? Conclude(Transaction tx, JsonObject edited, JsonObject charge, JsonObject method, Refusal? refusal)
    {
        Charges.Conclude(tx, charge, refusal);
        edited["amount_received"] = refusal is null ? edited.Number("amount") : 0L;
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
    /// <summary>The intent of a former attempt to go on with; null: there was none.</summary>
    public string? IntentId { get; init; }

    public string? CustomerId { get; init; }

    public string? Description { get; init; }

    public string? ReceiptEmail { get; init; }

    public string? SetupFutureUsage { get; init; }

    public JsonObject Metadata { get; init; } = [];

    /// <summary>The ways to pay that it takes; null: all of its currency.</summary>
    public IEnumerable<string>? MethodTypes { get; init; }
}
