namespace Billing;

/// <summary>How long received events are kept; configuration section <c>Billing:Retention</c>. What they led to is kept for ever.</summary>
internal sealed class RetentionOptions
{
    private static readonly TimeSpan LeastPayloads = TimeSpan.FromDays(30);
    private static readonly TimeSpan LeastEvents = TimeSpan.FromDays(90);
    private static readonly TimeSpan Most = TimeSpan.FromDays(3650);

    /// <summary>
    /// From when an event was received to when its body is emptied. Default 30 days, 30 days to ten years: as long as Stripe lists events
    /// and the reconciler looks for lost ones, the body tells what was made of it.
    /// </summary>
    public TimeSpan Payloads { get; set; } = LeastPayloads;

    /// <summary>
    /// From when an event was received to when its row is deleted. Default 90 days, 90 days to ten years, at least <see cref="Payloads"/>:
    /// Stripe repeats an event for three days and shows it for thirty, and its effects are unique without its row (DESIGN rule 2).
    /// </summary>
    public TimeSpan Events { get; set; } = LeastEvents;

    public IEnumerable<string> Wrong()
    {
        if (Payloads < LeastPayloads || Payloads > Most)
        {
            yield return "Billing:Retention:Payloads is out of bounds: set it to 30.00:00:00 to 3650.00:00:00.";
        }
        if (Events < LeastEvents || Events > Most || Events < Payloads)
        {
            yield return "Billing:Retention:Events is out of bounds: set it to 90.00:00:00 to 3650.00:00:00, and to no less than Billing:Retention:Payloads.";
        }
    }
}
