using FluentValidation;

namespace Billing.Checkout;

/// <summary>The rule for a URL that a buyer is sent to; null means the configured one.</summary>
internal static class RedirectRules
{
    public static void Redirects<T>(this IRuleBuilderInitial<T, string?> url, RedirectUrls redirects) => url
        .Must(text => text is null || redirects.IsAllowed(text))
        .WithErrorCode("url_not_allowed").WithMessage("The URL must be absolute, https, at most 2048 characters and on an allowed origin.");
}
