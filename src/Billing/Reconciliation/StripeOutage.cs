using Billing.Api;

namespace Billing.Reconciliation;

/// <summary>Tells that Stripe cannot be used now, or not with this key, from what is wrong with one object.</summary>
internal static class StripeOutage
{
    /// <summary>So many of ours in a row that Stripe does not show mean that it does not show any.</summary>
    private const int Blind = 10;

    public static bool Is(Exception failure) => failure switch
    {
        Stripe.StripeException refused => !StripeErrors.IsMissing(refused),
        HttpRequestException or OperationCanceledException => true,
        _ => false,
    };

    /// <summary>Stops a run whose key is of another account, before it asks for everything in vain and calls all of it drift.</summary>
    /// <exception cref="Stripe.StripeException">It is.</exception>
    public static void ThrowIfBlind(IReadOnlyCollection<object?> answers)
    {
        if (answers.Count >= Blind && answers.All(answer => answer is null))
        {
            throw new Stripe.StripeException("It shows none of our objects: Stripe:ApiKey is of another account or mode than the database was filled from.");
        }
    }
}
