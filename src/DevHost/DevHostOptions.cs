namespace DevHost;

/// <summary>How the newcomer wants it; from the command line.</summary>
internal sealed record DevHostOptions
{
    /// <summary>The service's port. Default 5080; 0 takes a free one.</summary>
    public int Port { get; init; } = 5080;

    /// <summary>The sandbox's port. Default 5081; 0 takes a free one.</summary>
    public int SandboxPort { get; init; } = 5081;

    /// <summary>PostgreSQL's port. Default 5082; 0 takes a free one.</summary>
    public int PostgresPort { get; init; } = 5082;

    /// <summary>The folder for everything that is kept between runs; null keeps nothing.</summary>
    public string? DataFolder { get; init; } = ".devdata";

    /// <summary>Where to write the guide as JSON once everything answers; null: nowhere.</summary>
    public string? ReadyFile { get; init; }

    /// <summary>A key of Stripe's test mode, to be used in place of the sandbox.</summary>
    public string? StripeKey { get; init; }

    /// <summary>The signing secret that <c>stripe listen</c> printed; goes with <see cref="StripeKey"/>.</summary>
    public string? WebhookSecret { get; init; }

    public bool UsesSandbox => StripeKey is null;

    /// <summary>An org knows its customer at Stripe, so the sandbox and Stripe's test mode each have a database, and keys, of their own.</summary>
    public string Database => UsesSandbox ? "billing" : "billing_test_mode";

    /// <summary>The file of <see cref="KeptState"/>.</summary>
    public string? KeptFile => InDataFolder(UsesSandbox ? "state.json" : "state-test-mode.json");

    /// <summary>The full path of something kept; null keeps nothing.</summary>
    public string? InDataFolder(string name) => DataFolder is { } folder ? Path.GetFullPath(Path.Combine(folder, name)) : null;
}
