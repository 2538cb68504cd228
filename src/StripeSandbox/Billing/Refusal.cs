using System.Text.Json.Nodes;
using StripeSandbox.Checkout;
using StripeSandbox.Faults;
using StripeSandbox.Protocol;
using StripeSandbox.Resources;
using StripeSandbox.State;

namespace StripeSandbox.Billing;

/// <summary>Why a card or bank account is not charged, in Stripe's words. A saved one keeps the <see cref="Mark"/> of what it answers every charge with.</summary>
internal sealed record Refusal(string Code, string? DeclineCode, string Message)
{
    public static readonly Refusal Declined = new("card_declined", "generic_decline", "Your card was declined.");

    public static readonly Refusal InsufficientFunds = new("card_declined", "insufficient_funds", "Your card has insufficient funds.");

    /// <summary>The bank wants the buyer, who is not there when a renewal is charged.</summary>
    public static readonly Refusal NeedsAuthentication = new("authentication_required", "authentication_required", "Your card was declined. This transaction requires authentication.");

    /// <summary>The bank asked the buyer, who did not confirm. Nothing was charged.</summary>
    public static readonly Refusal NotAuthenticated = new("payment_intent_authentication_failure", null,
        "We are unable to authenticate your payment method. Please choose a different payment method and try again.");

    /// <summary>What comes back of a bank debit, days later.</summary>
    public static readonly Refusal DebitReturned = new("payment_intent_payment_attempt_failed", null, "The payment failed: the bank returned the debit.");

    /// <summary>What the saved card or bank account says to a charge; null: it pays.</summary>
    public static Refusal? Of(JsonObject method) => method.TextOrNull("_refuses") switch
    {
        null => null,
        "authentication_required" => NeedsAuthentication,
        "insufficient_funds" => InsufficientFunds,
        "payment_intent_payment_attempt_failed" => DebitReturned,
        _ => Declined,
    };

    /// <summary>What a fault makes a good card or bank account say; null: no fault strikes.</summary>
    public static Refusal? OnPurpose(Transaction tx, JsonObject intent, JsonObject method)
    {
        var fault = tx.Rules.Faults.Strike<ChargeFault>(fault => fault.Fits(intent.TextOrNull("customer"), () => SubscriptionOf(tx, intent)));
        return fault is null ? null
            : MethodTypes.IsDelayed(method) ? DebitReturned
            : fault.DeclineCode == NeedsAuthentication.DeclineCode ? NeedsAuthentication
            : fault.DeclineCode == InsufficientFunds.DeclineCode ? InsufficientFunds : Declined;
    }

    private static string? SubscriptionOf(Transaction tx, JsonObject intent) =>
        InvoicePayments.InvoiceOf(tx, intent.Id()) is { } invoice ? Invoices.SubscriptionOf(invoice) : null;

    /// <summary>What tells it from others, for keeping.</summary>
    public string Mark => DeclineCode ?? Code;

    public StripeError ToError() => StripeError.Declined(Message, Code, DeclineCode);

    /// <summary>A payment intent's <c>last_payment_error</c>. The method as clients see it; no charge: it did not come to one.</summary>
    public JsonObject ToPaymentError(string? chargeId, JsonObject method)
    {
        var error = ToError().ToJson()["error"]!.AsObject().Clone();
        if (chargeId is not null)
        {
            error["charge"] = chargeId;
        }

        error["payment_method"] = method;
        return error.WithNulls();
    }
}
