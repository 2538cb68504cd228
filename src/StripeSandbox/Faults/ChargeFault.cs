namespace StripeSandbox.Faults;

/// <summary>
/// Charges that are declined although the card is good: renewals, first payments and what people try by hand. A bank debit is
/// returned when its bank would have paid. Names a customer, a subscription, or both.
/// </summary>
public sealed record ChargeFault : Fault
{
    private static readonly string[] DeclineCodes = ["generic_decline", "insufficient_funds", "authentication_required"];

    /// <summary>Charges of this customer. Default: null, whoever pays.</summary>
    public string? Customer { get; init; }

    /// <summary>Charges for this subscription's invoices. Default: null, whatever it is for.</summary>
    public string? Subscription { get; init; }

    /// <summary>What a card says: <c>generic_decline</c> (default), <c>insufficient_funds</c> or <c>authentication_required</c>.</summary>
    public string DeclineCode { get; init; } = DeclineCodes[0];

    internal bool Fits(string? customer, Func<string?> subscription) =>
        (Customer is null || Customer == customer) && (Subscription is null || Subscription == subscription());

    internal override void Validate()
    {
        base.Validate();
        Require((Customer ?? Subscription) is not null, $"Name a {nameof(Customer)} or a {nameof(Subscription)}.");
        Require(DeclineCodes.Contains(DeclineCode), $"{nameof(DeclineCode)} must be one of {string.Join(", ", DeclineCodes)}.");
    }
}
