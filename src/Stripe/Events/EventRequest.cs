namespace Stripe;

/// <summary>The API call behind an event.</summary>
public sealed class EventRequest
{
    public string? Id { get; set; }
    public string? IdempotencyKey { get; set; }
}
