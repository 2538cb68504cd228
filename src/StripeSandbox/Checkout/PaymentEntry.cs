using StripeSandbox.Protocol;

namespace StripeSandbox.Checkout;

/// <summary>What a buyer pays with, as typed into a page, its form checked.</summary>
internal abstract record PaymentEntry(string? Name)
{
    /// <summary>The payment method's <c>type</c>.</summary>
    public abstract string Type { get; }

    /// <summary>Whether the buyer has to confirm before it is charged or saved.</summary>
    public virtual bool AsksForAuthentication => false;

    /// <summary>
    /// From the fields of a form: the way to pay that <c>payment_method_type</c> names, else the one whose field is filled
    /// in, so that curl need not say it twice.
    /// </summary>
    /// <exception cref="StripeError">402: something is missing or mistyped.</exception>
    public static PaymentEntry Read(Func<string, string?> field, DateTimeOffset now) => (Filled(field, "payment_method_type") ?? TypeOf(field)) switch
    {
        MethodTypes.UsBankAccount => BankEntry.ReadUs(field("routing_number"), field("account_number"), field("name")),
        MethodTypes.SepaDebit => BankEntry.ReadSepa(field("iban"), field("name")),
        _ => CardEntry.Read(field("card_number"), field("exp"), field("cvc"), field("name"), now),
    };

    /// <exception cref="StripeError">402: it cannot be charged.</exception>
    public abstract void Authorize();

    private static string TypeOf(Func<string, string?> field) => Filled(field, "iban") is not null ? MethodTypes.SepaDebit
        : (Filled(field, "account_number") ?? Filled(field, "routing_number")) is not null ? MethodTypes.UsBankAccount
        : MethodTypes.Card;

    private static string? Filled(Func<string, string?> field, string name) => string.IsNullOrWhiteSpace(field(name)) ? null : field(name);
}
