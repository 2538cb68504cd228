using System.Text.Json;
using Billing.Api;

namespace Billing.Orgs;

/// <summary>
/// Tells a customer that was deleted at Stripe from one that this host's key cannot see: both are "no such customer" to a call that uses it,
/// and only the first is gone. A host with another account's key must not make an org lose the customer that pays for it.
/// </summary>
internal sealed partial class CustomerLookup(Stripe.IStripeClient stripe, ILogger<CustomerLookup> log)
{
    /// <summary>Whether Stripe says that the customer was deleted: it goes on showing a stub of it (FACTS A.3).</summary>
    /// <exception cref="ApiException">503: Stripe does not show it at all, so nothing is known about it or about what belongs to it.</exception>
    public async Task<bool> IsDeletedAsync(string customerId, CancellationToken cancellationToken)
    {
        try
        {
            return IsStub(await new Stripe.CustomerService(stripe).GetAsync(customerId, cancellationToken: cancellationToken));
        }
        catch (Stripe.StripeException invisible) when (StripeErrors.IsMissing(invisible))
        {
            LogInvisible(customerId, invisible.StripeResponse?.RequestId);
            throw new ApiException(ApiError.Unavailable(
                "The payment provider does not show this org's customer. The operator finds the cause in the log; nothing is changed."));
        }
    }

    /// <summary>Whether it is what is left of a deleted one. Read from the raw answer, which both client libraries keep: <c>deleted</c> is no member that they share.</summary>
    public static bool IsStub(Stripe.Customer customer)
    {
        if (customer.StripeResponse?.Content is not { } json)
        {
            return false;
        }
        using var answer = JsonDocument.Parse(json);
        return answer.RootElement.TryGetProperty("deleted", out var deleted) && deleted.ValueKind == JsonValueKind.True;
    }

    [LoggerMessage(Level = LogLevel.Error, Message =
        "Stripe does not know customer {CustomerId}, not even as deleted: Stripe:ApiKey is probably of another Stripe account or mode than"
        + " the one that the database was filled from. Nothing is changed; request {StripeRequestId}")]
    private partial void LogInvisible(string customerId, string? stripeRequestId);
}
