using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Protocol;
using StripeSandbox.State;

namespace StripeSandbox.Checkout;

/// <summary>
/// A bank account to debit: in the US by <c>routing_number</c> and <c>account_number</c> (ACH), or by <c>iban</c> (SEPA). Only
/// Stripe's test accounts exist here (FACTS D); some of them return the debit.
/// </summary>
internal sealed record BankEntry : PaymentEntry
{
    public const string TestRouting = "110000000";
    public const string TestAccount = "000123456789";
    public const string TestIban = "AT611904300234573201";

    private static readonly Dictionary<string, Refusal?> TestAccounts = new(StringComparer.Ordinal)
    {
        [TestRouting + TestAccount] = null,
        [TestRouting + "000111111116"] = Refusal.DebitReturned,
        [TestIban] = null,
        ["AT861904300235473202"] = Refusal.DebitReturned,
    };

    private readonly string _number;
    private readonly string? _routing;

    private BankEntry(string type, string? routing, string number, string? name) : base(name) => (Type, _routing, _number) = (type, routing, number);

    public override string Type { get; }

    /// <summary>What the bank says to each debit, days later; null: it pays.</summary>
    public Refusal? LaterRefusal => TestAccounts[_routing + _number];

    public static BankEntry ReadUs(string? routing, string? account, string? name) =>
        new(MethodTypes.UsBankAccount, Compact(routing), Compact(account), Holder(name));

    public static BankEntry ReadSepa(string? iban, string? name) => new(MethodTypes.SepaDebit, null, Compact(iban), Holder(name));

    public override void Authorize()
    {
        if (TestAccounts.ContainsKey(_routing + _number))
        {
            return;
        }

        throw Type == MethodTypes.SepaDebit
            ? StripeError.Declined($"The IBAN you entered is not one of the test accounts. Use {TestIban}.", "account_number_invalid", null)
            : StripeError.Declined($"The bank account you entered is not one of the test accounts. Use routing number {TestRouting}, account number {TestAccount}.", "account_number_invalid", null);
    }

    /// <summary>The payment method's object of this type.</summary>
    public JsonObject Details() => Type == MethodTypes.SepaDebit
        ? new JsonObject
        {
            ["bank_code"] = _number[4..9],
            ["branch_code"] = "",
            ["country"] = _number[..2],
            ["fingerprint"] = Fingerprint(),
            ["generated_from"] = new JsonObject().WithNulls("charge", "setup_attempt"),
            ["last4"] = _number[^4..],
        }
        : new JsonObject
        {
            ["account_holder_type"] = "individual",
            ["account_type"] = "checking",
            ["bank_name"] = "STRIPE TEST BANK",
            ["fingerprint"] = Fingerprint(),
            ["last4"] = _number[^4..],
            ["networks"] = new JsonObject { ["preferred"] = "ach", ["supported"] = new JsonArray("ach") },
            ["routing_number"] = _routing,
        }.WithNulls("financial_connections_account", "status_details");

    private string Fingerprint() => Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes("sandbox" + _routing + _number)))[..16];

    private static string Compact(string? number) => string.Concat((number ?? "").Where(c => c is not (' ' or '-'))).ToUpperInvariant();

    private static string? Holder(string? name) => string.IsNullOrWhiteSpace(name) ? null : name.Trim();
}
