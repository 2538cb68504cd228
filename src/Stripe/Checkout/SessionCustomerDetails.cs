namespace Stripe.Checkout;

/// <summary>What the buyer entered on the page.</summary>
public sealed class SessionCustomerDetails
{
    public string? Email { get; set; }
    public string? Name { get; set; }
}
