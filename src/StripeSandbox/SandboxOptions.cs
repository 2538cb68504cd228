namespace StripeSandbox;

/// <summary>How a sandbox listens, keeps its state and delivers webhooks. Checked when the sandbox starts.</summary>
public sealed class SandboxOptions
{
    /// <summary>
    /// The address to listen on, plain http. Default: a free port of the loopback interface. The sandbox has no
    /// real authentication (any test key is an account), so bind it elsewhere only on a network you own.
    /// </summary>
    public string Url { get; set; } = "http://127.0.0.1:0";

    /// <summary>
    /// The address that browsers use, put into the links of hosted pages. Default: null, the address listened on.
    /// </summary>
    public string? PublicUrl { get; set; }

    /// <summary>
    /// The file that keeps everything between runs, a journal of one JSON document per line. Default: null, in
    /// memory only. One sandbox at a time may use a file.
    /// </summary>
    public string? StateFile { get; set; }

    /// <summary>
    /// The time that the sandbox's clock shows at start. Default: null, the real time or, with a
    /// <see cref="StateFile"/>, the real time plus what the clock had been advanced by. May not lie in the past of a kept state.
    /// </summary>
    public DateTimeOffset? StartTime { get; set; }

    /// <summary>How long a webhook endpoint may take to answer. Default 10 s; range 100 ms to 5 minutes.</summary>
    public TimeSpan DeliveryTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The pause, by the sandbox's clock, before the second attempt; each later pause doubles, and each varies by
    /// a quarter up or down. Default 1 s, which suits a developer; Stripe waits hours. Range 1 ms to 1 hour.
    /// </summary>
    public TimeSpan RetryBackoff { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause between two attempts. Default 60 s; at least <see cref="RetryBackoff"/>.</summary>
    public TimeSpan RetryBackoffCap { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Attempts before a delivery is given up. Default 10; range 1 to 100.</summary>
    public int MaxDeliveryAttempts { get; set; } = 10;

    /// <summary>
    /// Deliveries under way to one endpoint at the same time. Default 8, so that events may arrive out of order as
    /// they do with Stripe; 1 sends them one after the other. Range 1 to 256.
    /// </summary>
    public int ConcurrentDeliveriesPerEndpoint { get; set; } = 8;

    /// <summary>
    /// How long one step of advancing the clock waits for the first attempts of the deliveries that it caused.
    /// Default 15 s; range 0 to 10 minutes.
    /// </summary>
    public TimeSpan AdvanceDeliveryWait { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The pauses between the attempts to collect an invoice that failed, each counted from the attempt before it.
    /// Default 3, 5 and 7 days, so four attempts in all; at most 8 pauses of 1 minute to 60 days each.
    /// </summary>
    public IReadOnlyList<TimeSpan> PaymentRetries { get; set; } = [TimeSpan.FromDays(3), TimeSpan.FromDays(5), TimeSpan.FromDays(7)];

    /// <summary>What becomes of the subscription when the last of these attempts failed. Default: it is canceled.</summary>
    public AfterPaymentRetries AfterPaymentRetries { get; set; } = AfterPaymentRetries.Cancel;

    /// <summary>
    /// How long after a bank account was debited its bank answers, by the sandbox's clock: until then the payment is
    /// <c>processing</c>. Default 3 days; range 1 second to 30 days.
    /// </summary>
    public TimeSpan DelayedPaymentSettlement { get; set; } = TimeSpan.FromDays(3);

    /// <summary>
    /// Gets a line for each API request and each delivery attempt: ids and outcomes, no keys, secrets or contents.
    /// Default: null, silence. Called from many threads at once; it should be quick and may not throw.
    /// </summary>
    public Action<string>? Log { get; set; }

    internal void Validate()
    {
        RequireAddress(Url, nameof(Url), "http");
        if (PublicUrl is not null)
        {
            RequireAddress(PublicUrl, nameof(PublicUrl), "http", "https");
        }

        Within(DeliveryTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5), nameof(DeliveryTimeout));
        Within(RetryBackoff, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1), nameof(RetryBackoff));
        Within(RetryBackoffCap, RetryBackoff, TimeSpan.FromDays(1), nameof(RetryBackoffCap));
        Within(MaxDeliveryAttempts, 1, 100, nameof(MaxDeliveryAttempts));
        Within(ConcurrentDeliveriesPerEndpoint, 1, 256, nameof(ConcurrentDeliveriesPerEndpoint));
        Within(AdvanceDeliveryWait, TimeSpan.Zero, TimeSpan.FromMinutes(10), nameof(AdvanceDeliveryWait));
        Within(DelayedPaymentSettlement, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30), nameof(DelayedPaymentSettlement));
        Within(PaymentRetries.Count, 0, 8, $"The number of {nameof(PaymentRetries)}");
        foreach (var pause in PaymentRetries)
        {
            Within(pause, TimeSpan.FromMinutes(1), TimeSpan.FromDays(60), nameof(PaymentRetries));
        }
    }

    private static void RequireAddress(string url, string name, params string[] schemes)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || !schemes.Contains(uri.Scheme))
        {
            throw new ArgumentException($"{name} must be an absolute http address such as http://127.0.0.1:12111, not '{url}'.");
        }
    }

    private static void Within<T>(T value, T min, T max, string name) where T : IComparable<T>
    {
        if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0)
        {
            throw new ArgumentException($"{name} must lie between {min} and {max}, not {value}.");
        }
    }
}
