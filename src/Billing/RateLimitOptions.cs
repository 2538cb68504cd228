namespace Billing;

/// <summary>How much one caller may ask of one host in any minute; configuration section <c>Billing:RateLimits</c>.</summary>
internal sealed class RateLimitOptions
{
    private const int Most = 100_000;

    /// <summary>GET requests with one org key, or with the browser tokens of one org and role. Default 60, 1 to 100 000.</summary>
    public int Reads { get; set; } = 60;

    /// <summary>All other requests of these. Default 20, 1 to 100 000.</summary>
    public int Writes { get; set; } = 20;

    /// <summary>Requests with one service or operator key, reads and writes each. Default 6000, 1 to 100 000.</summary>
    public int Service { get; set; } = 6000;

    /// <summary>Keys from one address that the database does not know: bounds guessing, and the queries that it costs. Default 60, 1 to 100 000.</summary>
    public int BadCredentials { get; set; } = 60;

    public IEnumerable<string> Wrong() =>
        from limit in new Dictionary<string, int>
        {
            [nameof(Reads)] = Reads,
            [nameof(Writes)] = Writes,
            [nameof(Service)] = Service,
            [nameof(BadCredentials)] = BadCredentials,
        }
        where limit.Value is < 1 or > Most
        select $"Billing:RateLimits:{limit.Key} is out of bounds: set it to 1 to {Most} requests a minute.";
}
