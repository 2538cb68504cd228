namespace Stripe.Tests.Webhooks;

public sealed class SignatureTests
{
    private const string Secret = "whsec_test";
    private const string Payload = """{"id":"evt_1"}""";
    private const long Now = 1785585600;

    private static string Hex => EventUtility.ComputeSignature(Secret, $"{Now}", Payload);

    [Fact]
    public void Signature_OfKnownInputs_IsTheKnownHmac() =>
        // printf '1785585600.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_test
        Assert.Equal("b114b1f9845a1806766fdc2d60c96510358766371ca9ac544bab50d5bf41f7b5", Hex);

    [Theory]
    [InlineData("t={t},v1={hex}")]
    [InlineData("t={t}, v1={hex}")]
    [InlineData("v1={hex},t={t}")]
    [InlineData("t={t},v1=0000,v1={hex}")]
    [InlineData("t={t},v1={hex},v0={hex}")]
    [InlineData("t={t},v1={hex},future=x=y")]
    public void Header_WithOneRightV1_Verifies(string header) => Validate(header);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(",")]
    [InlineData("t={t}")]
    [InlineData("v1={hex}")]
    [InlineData("t={t},v0={hex}")]
    [InlineData("t={t},v1={HEX}")]
    [InlineData("t={t},V1={hex}")]
    [InlineData("t={t},v1={hex},item")]
    [InlineData("t={t},v1={hex}0")]
    [InlineData("t={t},v1=")]
    [InlineData("t={t},t={t},v1={hex}")]
    [InlineData("t=,v1={hex}")]
    [InlineData("t=1,v1={hex}")]
    public void Header_WithoutRightV1_IsRefused(string? header) =>
        Assert.Throws<StripeException>(() => Validate(header!));

    [Theory]
    [InlineData("abc")]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("+1785585600")]
    [InlineData("1785585600.0")]
    [InlineData("0x6A6DDE40")]
    [InlineData("4294967296")]
    [InlineData("9223372036854775807")]
    [InlineData("9223372036854775808")]
    [InlineData("99999999999999999999999999")]
    [InlineData("١٧٨٥٥٨٥٦٠٠")]
    public void Time_CorrectlySignedButNoTimeNearNow_IsRefused(string time)
    {
        var header = $"t={time},v1={EventUtility.ComputeSignature(Secret, time, Payload)}";

        Assert.Throws<StripeException>(() => EventUtility.ValidateSignature(Payload, header, Secret, 300, Now));
    }

    [Theory]
    [InlineData(300, 300)]
    [InlineData(-300, 300)]
    [InlineData(0, 0)]
    public void Time_WithinTolerance_Verifies(long age, long tolerance) =>
        EventUtility.ValidateSignature(Payload, $"t={Now},v1={Hex}", Secret, tolerance, Now + age);

    [Theory]
    [InlineData(301, 300)]
    [InlineData(-301, 300)]
    [InlineData(1, 0)]
    [InlineData(0, -1)]
    [InlineData(long.MinValue, 300)]
    public void Time_OutsideTolerance_IsRefused(long age, long tolerance) =>
        Assert.Throws<StripeException>(() => EventUtility.ValidateSignature(
            Payload, $"t={Now},v1={Hex}", Secret, tolerance, age == long.MinValue ? age : Now + age));

    [Fact]
    public void Checks_SignatureWrongAndTimeOld_ReportTheSignature()
    {
        var exception = Assert.Throws<StripeException>(
            () => EventUtility.ValidateSignature(Payload, $"t={Now},v1=00", Secret, 300, Now + 1000));

        Assert.Contains("signature of the header", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Secret_Other_IsRefused() =>
        Assert.Throws<StripeException>(
            () => EventUtility.ValidateSignature(Payload, $"t={Now},v1={Hex}", "whsec_other", 300, Now));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public void Secret_Blank_IsOurMistakeNotTheSenders(string? secret) =>
        Assert.ThrowsAny<ArgumentException>(
            () => EventUtility.ValidateSignature(Payload, $"t={Now},v1={Hex}", secret!, 300, Now));

    [Fact]
    public void Header_LongerThanTheCap_IsRefusedThoughItHoldsARightV1()
    {
        Validate("t={t},v1={hex},x=" + new string('y', SignatureHeader.MaxLength - 200));
        Assert.Throws<StripeException>(() => Validate("t={t},v1={hex},x=" + new string('y', SignatureHeader.MaxLength)));
    }

    [Fact]
    public void Header_WithMoreItemsThanTheCap_IsRefusedThoughItHoldsARightV1()
    {
        string Items(int more) => "t={t},v1={hex}" + string.Concat(Enumerable.Repeat(",v1=0", more));

        Validate(Items(SignatureHeader.MaxItems - 2));
        Assert.Throws<StripeException>(() => Validate(Items(SignatureHeader.MaxItems - 1)));
    }

    [Fact]
    public void GenerateSignatureHeader_VerifiesAtThatTime() =>
        EventUtility.ValidateSignature(
            Payload, EventUtility.GenerateSignatureHeader(Payload, Secret, Now), Secret, 0, Now);

    private static void Validate(string? header) => EventUtility.ValidateSignature(
        Payload,
        header?.Replace("{t}", $"{Now}").Replace("{hex}", Hex).Replace("{HEX}", Hex.ToUpperInvariant())!,
        Secret,
        300,
        Now);
}
