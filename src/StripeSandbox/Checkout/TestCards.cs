using StripeSandbox.Protocol;

namespace StripeSandbox.Checkout;

/// <summary>Stripe's test card numbers (docs.stripe.com/testing) and what each does here.</summary>
internal static class TestCards
{
    public const string VisaDebit = "4000056655665556";

    private static readonly HashSet<string> Good =
        ["4242424242424242", VisaDebit, "5555555555554444", "378282246310005", "4000000000000077"];

    private static readonly Dictionary<string, (string Code, string? DeclineCode, string Message)> Declined = new()
    {
        ["4000000000000002"] = ("card_declined", "generic_decline", "Your card was declined."),
        ["4000000000009995"] = ("card_declined", "insufficient_funds", "Your card has insufficient funds."),
        ["4000000000009987"] = ("card_declined", "lost_card", "Your card was declined."),
        ["4000000000009979"] = ("card_declined", "stolen_card", "Your card was declined."),
        ["4000000000000069"] = ("expired_card", null, "Your card has expired."),
        ["4000000000000127"] = ("incorrect_cvc", null, "Your card's security code is incorrect."),
        ["4000000000000119"] = ("processing_error", null, "An error occurred while processing your card. Try again in a little bit."),
    };

    private static readonly Dictionary<string, string> NotEmulated = new()
    {
        ["4000000000000341"] = "declines after the card was saved",
        ["4000002500003155"] = "3D Secure",
        ["4000002760003184"] = "3D Secure",
        ["4000008260003178"] = "3D Secure",
        ["4000003800000446"] = "3D Secure",
        ["4000008400001629"] = "3D Secure",
        ["4000000000000259"] = "disputes",
        ["4000000000002685"] = "disputes",
        ["4000000000001976"] = "disputes",
        ["4000000000005423"] = "fraud warnings",
        ["4000000000007726"] = "asynchronous refunds",
        ["4000000000005126"] = "asynchronous refunds",
        ["4100000000000019"] = "Radar",
    };

    /// <exception cref="StripeError">402: the card is declined, or stands for something that the sandbox does not emulate.</exception>
    public static void Authorize(CardEntry card)
    {
        if (Good.Contains(card.Number))
        {
            return;
        }

        if (Declined.TryGetValue(card.Number, out var decline))
        {
            throw StripeError.Declined(decline.Message, decline.Code, decline.DeclineCode);
        }

        if (NotEmulated.TryGetValue(card.Number, out var feature))
        {
            throw StripeError.Declined($"This test card stands for {feature}, which the sandbox does not emulate. Nothing was charged; use 4242 4242 4242 4242.", "card_declined", "not_emulated");
        }

        throw StripeError.Declined(
            "Your card was declined. Your request was in test mode, but used a non test card. For a list of valid test cards, visit: https://stripe.com/docs/testing.",
            "card_declined", "test_mode_live_card");
    }
}
