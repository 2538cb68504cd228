using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StripeSandbox.Protocol;

namespace StripeSandbox.Checkout;

/// <summary>A card as typed into a page, its form checked: digits, check digit, a future month, a code of the right length.</summary>
internal sealed record CardEntry(string Number, int ExpMonth, int ExpYear, string? Name) : PaymentEntry(Name)
{
    public override string Type => MethodTypes.Card;

    public override bool AsksForAuthentication => TestCards.AsksForAuthentication(Number);

    public string Brand => Number[0] switch { '4' => "visa", '5' or '2' => "mastercard", '3' => "amex", '6' => "discover", _ => "unknown" };

    public string Funding => Number == TestCards.VisaDebit ? "debit" : "credit";

    /// <summary>The same for the same number, as Stripe's is.</summary>
    public string Fingerprint => Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes("sandbox" + Number)))[..16];

    public override void Authorize() => TestCards.Authorize(this);

    /// <exception cref="StripeError">402: something is missing, mistyped or in the past.</exception>
    public static CardEntry Read(string? number, string? exp, string? cvc, string? name, DateTimeOffset now)
    {
        var digits = string.Concat((number ?? "").Where(c => c is not (' ' or '-')));
        if (digits.Length is < 12 or > 19 || !digits.All(char.IsAsciiDigit) || !PassesLuhn(digits))
        {
            throw StripeError.Declined("Your card number is incorrect.", "incorrect_number", null);
        }

        var (month, year) = ReadExpiry(exp);
        if (year * 12 + month < now.Year * 12 + now.Month)
        {
            throw StripeError.Declined("Your card's expiration date is in the past.", "invalid_expiry_year", null);
        }

        var codeLength = digits[0] == '3' ? 4 : 3;
        if (cvc is null || cvc.Length != codeLength || !cvc.All(char.IsAsciiDigit))
        {
            throw StripeError.Declined($"Your card's security code is incomplete: it has {codeLength} digits.", "invalid_cvc", null);
        }

        return new CardEntry(digits, month, year, string.IsNullOrWhiteSpace(name) ? null : name.Trim());
    }

    private static (int Month, int Year) ReadExpiry(string? exp)
    {
        var digits = string.Concat((exp ?? "").Where(char.IsAsciiDigit));
        if (digits.Length is 4 or 6 && int.Parse(digits[..2], CultureInfo.InvariantCulture) is >= 1 and <= 12 and var month)
        {
            return (month, int.Parse(digits[2..], CultureInfo.InvariantCulture) + (digits.Length == 4 ? 2000 : 0));
        }

        throw StripeError.Declined("Your card's expiration date is invalid. Write it as MM/YY.", "invalid_expiry_month", null);
    }

    private static bool PassesLuhn(string digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            sum += i % 2 == 0 ? digit : digit * 2 % 10 + digit * 2 / 10;
        }
        return sum % 10 == 0;
    }
}
