namespace Stripe;

public static class StripeConfiguration
{
    /// <summary>
    /// The version sent with every call, and the one webhook endpoints must be created with: the types here are its shapes.
    /// </summary>
    public static string ApiVersion => "2026-07-29.dahlia";
}
