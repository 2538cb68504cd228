using StripeSandbox.Billing;
using StripeSandbox.Protocol;
using StripeSandbox.Reversals;

namespace StripeSandbox.Checkout;

/// <summary>Stripe's test card numbers (docs.stripe.com/testing) and what each does here.</summary>
internal static class TestCards
{
    public const string VisaDebit = "4000056655665556";

    private const string DeclinesLater = "4000000000000341";
    private const string AuthenticatesAlways = "4000002760003184";
    private const string AuthenticatesThenPoor = "4000008260003178";
    private const string AuthenticatesThenDeclined = "4000008400001629";

    private static readonly HashSet<string> Good =
        ["4242424242424242", DeclinesLater, VisaDebit, "5555555555554444", "378282246310005", "4000000000000077"];

    private static readonly HashSet<string> Authenticating =
        ["4000002500003155", "4000003800000446", AuthenticatesAlways, AuthenticatesThenPoor, AuthenticatesThenDeclined];

    private static readonly Dictionary<string, string> Aftermaths = new()
    {
        ["4000000000000259"] = Aftermath.FraudDispute,
        ["4000000000002685"] = Aftermath.NotReceivedDispute,
        ["4000000000001976"] = Aftermath.Inquiry,
        ["4000000000007726"] = Aftermath.PendingRefund,
        ["4000000000005126"] = Aftermath.FailingRefund,
    };

    private static readonly Dictionary<string, Refusal> Declined = new()
    {
        ["4000000000000002"] = new("card_declined", "generic_decline", "Your card was declined."),
        ["4000000000009995"] = Refusal.InsufficientFunds,
        ["4000000000009987"] = new("card_declined", "lost_card", "Your card was declined."),
        ["4000000000009979"] = new("card_declined", "stolen_card", "Your card was declined."),
        ["4000000000000069"] = new("expired_card", null, "Your card has expired."),
        ["4000000000000127"] = new("incorrect_cvc", null, "Your card's security code is incorrect."),
        ["4000000000000119"] = new("processing_error", null, "An error occurred while processing your card. Try again in a little bit."),
    };

    private static readonly Dictionary<string, string> NotEmulated = new()
    {
        ["4000000000005423"] = "fraud warnings",
        ["4100000000000019"] = "Radar",
    };

    private static readonly Dictionary<string, string> Names = new()
    {
        ["pm_card_visa"] = "4242424242424242",
        ["pm_card_visa_debit"] = VisaDebit,
        ["pm_card_mastercard"] = "5555555555554444",
        ["pm_card_amex"] = "378282246310005",
        ["pm_card_chargeDeclined"] = "4000000000000002",
        ["pm_card_chargeDeclinedInsufficientFunds"] = "4000000000009995",
        ["pm_card_chargeCustomerFail"] = DeclinesLater,
        ["pm_card_authenticationRequired"] = AuthenticatesAlways,
        ["pm_card_createDispute"] = "4000000000000259",
        ["pm_card_createDisputeProductNotReceived"] = "4000000000002685",
        ["pm_card_createDisputeInquiry"] = "4000000000001976",
        ["pm_card_pendingRefund"] = "4000000000007726",
        ["pm_card_refundFail"] = "4000000000005126",
    };

    /// <summary>The number of one of Stripe's shortcut names for the API; null: no such name here.</summary>
    public static string? NumberOf(string name) => Names.GetValueOrDefault(name);

    /// <summary>What a card that was saved answers to every charge when its owner is not there; null: it pays.</summary>
    public static Refusal? LaterRefusal(string number) => number switch
    {
        DeclinesLater or AuthenticatesThenDeclined => Refusal.Declined,
        AuthenticatesThenPoor => Refusal.InsufficientFunds,
        AuthenticatesAlways => Refusal.NeedsAuthentication,
        _ => null,
    };

    /// <summary>Whether the buyer has to confirm on the page (3-D Secure) before the card is charged or saved.</summary>
    public static bool AsksForAuthentication(string number) => Authenticating.Contains(number);

    /// <summary>What follows on every charge of the card that succeeds; null: nothing.</summary>
    public static string? AftermathOf(string number) => Aftermaths.GetValueOrDefault(number);

    /// <summary>Whether the bank lets the card be saved; a charge may still be refused.</summary>
    /// <exception cref="StripeError">402: it does not.</exception>
    public static void CheckSaving(string number)
    {
        if (Declined.GetValueOrDefault(number) is { } refusal)
        {
            throw refusal.ToError();
        }
    }

    /// <summary>For a card typed into a page.</summary>
    /// <exception cref="StripeError">402: the card is declined, or stands for something that the sandbox does not emulate.</exception>
    public static void Authorize(CardEntry card)
    {
        if (Good.Contains(card.Number) || Authenticating.Contains(card.Number) || Aftermaths.ContainsKey(card.Number))
        {
            return;
        }

        CheckSaving(card.Number);

        if (NotEmulated.TryGetValue(card.Number, out var feature))
        {
            throw StripeError.Declined($"This test card stands for {feature}, which the sandbox does not emulate. Nothing was charged; use 4242 4242 4242 4242.", "card_declined", "not_emulated");
        }

        throw StripeError.Declined(
            "Your card was declined. Your request was in test mode, but used a non test card. For a list of valid test cards, visit: https://stripe.com/docs/testing.",
            "card_declined", "test_mode_live_card");
    }
}
