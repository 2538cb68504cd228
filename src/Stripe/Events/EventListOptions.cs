namespace Stripe;

public sealed class EventListOptions : ListOptions
{
    public AnyOf<DateTime?, DateRangeOptions>? Created { get; set; }

    /// <summary>False: not yet delivered to every endpoint.</summary>
    public bool? DeliverySuccess { get; set; }

    /// <summary>One type, or a group such as <c>invoice.*</c>.</summary>
    public string? Type { get; set; }

    /// <summary>At most twenty; excludes <see cref="Type"/>.</summary>
    public List<string>? Types { get; set; }
}
