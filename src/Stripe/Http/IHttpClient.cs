namespace Stripe;

/// <summary>How a <see cref="StripeClient"/> reaches the network; <see cref="SystemNetHttpClient"/> is the one that exists.</summary>
public interface IHttpClient
{
    /// <summary>Sends, retrying where that is safe, and returns whatever status came last.</summary>
    internal Task<StripeResponse> SendAsync(StripeRequest request, CancellationToken cancellationToken);
}
