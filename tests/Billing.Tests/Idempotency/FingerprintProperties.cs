using System.Text;
using System.Text.Json;
using Billing.Api;
using Billing.Checkout;
using Billing.Idempotency;
using Billing.Persistence;
using FsCheck;
using FsCheck.Fluent;

namespace Billing.Tests.Idempotency;

/// <summary>Two requests have one fingerprint exactly if they ask for the same, however they are written.</summary>
public sealed class FingerprintProperties
{
    private static readonly JsonSerializerOptions Options = NewOptions();

    // Few values, shared by the fields, so that equal requests and swapped fields come up.
    private static readonly Gen<string?> Text = Gen.Elements<string?>(null, "", "pro", "team", "pro\u0000", "a\"},{é漢😀", "null");

    private static readonly Gen<CheckoutRequest> Request =
        from plan in Text
        from interval in Gen.Elements<BillingInterval?>(null, BillingInterval.Monthly, BillingInterval.Annual)
        from success in Text
        from cancel in Text
        select new CheckoutRequest { Plan = plan, Interval = interval, SuccessUrl = success, CancelUrl = cancel };

    [Fact]
    public void Fingerprint_OfTwoRequests_IsOneExactlyIfTheyAreEqual()
    {
        var seed = Gen.Choose(0, int.MaxValue - 1);
        var equalOrNot = Gen.OneOf(Request.Zip(Request), Request.Select(request => (request, request with { })));
        var property = Prop.ForAll(equalOrNot.Zip(seed.Zip(seed)).ToArbitrary(), given =>
        {
            var ((one, other), (first, second)) = given;
            var (a, b) = (Write(one, new Random(first)), Write(other, new Random(second)));
            return (FingerprintOf(a).SequenceEqual(FingerprintOf(b)) == (one == other)).Label($"{a}\n{b}");
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), property);
    }

    [Fact]
    public void Fingerprint_OfAnotherOperationOrPath_IsAnother()
    {
        var body = new CheckoutRequest { Plan = "pro" };
        byte[][] all =
        [
            Fingerprint.Of("checkout", [], body, Options),
            Fingerprint.Of("topup", [], body, Options),
            Fingerprint.Of("checkout", [new("id", "1")], body, Options),
            Fingerprint.Of("checkout", [new("id", "2")], body, Options),
        ];
        Assert.Equal(all.Length, all.Select(Convert.ToHexString).Distinct().Count());
    }

    private static byte[] FingerprintOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        var errors = new List<FieldError>();
        var bound = ObjectReader.Read<CheckoutRequest>(document.RootElement, Options, errors);
        Assert.Empty(errors);
        return Fingerprint.Of("checkout", [], bound, Options);
    }

    /// <summary>The request as some client may write it.</summary>
    private static string Write(CheckoutRequest request, Random random)
    {
        var fields = new List<string>();
        Add(request.Plan, "plan", "plan_id", "tier");
        Add(request.SuccessUrl, "success_url", "successUrl");
        Add(request.CancelUrl, "cancel_url", "cancelUrl");
        Add(request.Interval switch
        {
            null => null,
            BillingInterval.Annual => random.Next(2) == 0 ? "annual" : "yearly",
            _ => "monthly",
        }, "interval", "billing_cycle");
        random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(fields));
        return $"{Space()}{{{string.Join(',', fields)}{Space()}}}";

        void Add(string? value, params string[] names)
        {
            random.Shuffle(names);
            // Nothing and null are the same, and a field may come under several names with one value.
            foreach (var name in names[..(value is null ? random.Next(2) : random.Next(1, names.Length + 1))])
            {
                fields.Add($"{Space()}{Quote(name)}{Space()}:{Space()}{(value is null ? "null" : Quote(value))}{Space()}");
            }
        }

        string Space() => random.Next(3) == 0 ? " \t\n" : "";

        string Quote(string text) => random.Next(2) == 0 ? JsonSerializer.Serialize(text) : Escaped(text);
    }

    private static string Escaped(string text) =>
        text.Aggregate(new StringBuilder("\""), (escaped, c) => escaped.Append($"\\u{(int)c:x4}")).Append('"').ToString();

    private static JsonSerializerOptions NewOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Json.Configure(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
