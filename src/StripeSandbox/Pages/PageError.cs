using StripeSandbox.Protocol;

namespace StripeSandbox.Pages;

/// <summary>What went wrong with a form, and beside which of its fields it is said.</summary>
/// <param name="Field">The field's name; null: it concerns the form as a whole.</param>
internal sealed record PageError(string Message, string? Field)
{
    public int Status { get; init; } = 402;

    public static PageError Of(StripeError error) => new(error.Message, error.Code switch
    {
        "incorrect_number" or "card_declined" or "authentication_required" or "payment_intent_authentication_failure" => "card_number",
        "invalid_expiry_month" or "invalid_expiry_year" or "expired_card" => "exp",
        "invalid_cvc" or "incorrect_cvc" => "cvc",
        "email_invalid" => "email",
        "account_number_invalid" => "account_number",
        "promotion_code_invalid" => "promotion_code",
        _ => null,
    });

    /// <summary>For the top of a form: what none of its fields says.</summary>
    public static string Alert(PageError? error, params ReadOnlySpan<string> fields) =>
        error is null || (error.Field is { } field && fields.Contains(field)) ? "" : $"""<p class="alert danger" role="alert">{HostedPage.E(error.Message)}</p>""";
}
