using StripeSandbox.Protocol;

namespace StripeSandbox.Portal;

/// <summary>What the portal says no to, beside declined cards (402). Each changes nothing.</summary>
internal static class PortalRefusals
{
    public static StripeError Disabled() => New(403, "This is not available in this portal.");

    public static StripeError OtherTask() => New(403, "This link is for another task.");

    public static StripeError NoSubscription() => New(404, "There is no such subscription.");

    public static StripeError NoInvoice() => New(404, "There is no such invoice.");

    /// <summary>The form was made before something else changed what it shows.</summary>
    public static StripeError Stale() => New(409, "Something changed since this page was opened, so nothing was done. Go back and look again.");

    public static StripeError Invalid(string message) => New(400, message);

    public static StripeError Blocked(string message) => New(409, message);

    private static StripeError New(int status, string message) => new(status, "invalid_request_error", message);
}
