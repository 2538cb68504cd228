namespace Billing.Api;

/// <summary>What endpoints say about themselves in the served OpenAPI document.</summary>
internal static class OpenApi
{
    /// <summary>Declares the error statuses that a call can answer, all in the one shape.</summary>
    public static RouteHandlerBuilder ProducesErrors(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            endpoint.Produces<ErrorResponse>(status);
        }
        return endpoint;
    }
}
