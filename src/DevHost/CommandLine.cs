using System.CommandLine;

namespace DevHost;

internal static class CommandLine
{
    public static RootCommand Create(Func<DevHostOptions, CancellationToken, Task<int>> run)
    {
        var defaults = new DevHostOptions();
        var port = Port("--port", "The billing service's port", defaults.Port);
        var sandboxPort = Port("--sandbox-port", "The Stripe sandbox's port", defaults.SandboxPort);
        var postgresPort = Port("--postgres-port", "PostgreSQL's port", defaults.PostgresPort);
        var data = new Option<string>("--data") { Description = "Folder for what is kept between runs.", DefaultValueFactory = _ => defaults.DataFolder! };
        var ephemeral = new Option<bool>("--ephemeral") { Description = "Fresh data and free ports; all is removed at the end." };
        var readyFile = new Option<string?>("--ready-file") { Description = "Write URLs and keys there as JSON once everything answers." };
        var stripeKey = new Option<string?>("--stripe-key") { Description = "Use Stripe's own test mode with this key (sk_test_...) in place of the sandbox." };
        var webhookSecret = new Option<string?>("--webhook-secret") { Description = "What 'stripe listen' printed (whsec_...); goes with --stripe-key." };

        var root = new RootCommand("Starts the billing service with all it needs: a private PostgreSQL, a local Stripe and a demo org.")
        {
            port, sandboxPort, postgresPort, data, ephemeral, readyFile, stripeKey, webhookSecret,
        };
        root.Validators.Add(parsed =>
        {
            if (parsed.GetValue(stripeKey) is { } key && !key.StartsWith("sk_test_", StringComparison.Ordinal))
            {
                parsed.AddError("--stripe-key takes a secret key of Stripe's test mode, which starts with sk_test_.");
            }
            if (parsed.GetValue(stripeKey) is null != parsed.GetValue(webhookSecret) is null)
            {
                parsed.AddError("--stripe-key and --webhook-secret go together: 'stripe listen' prints the secret (README, Stripe's test mode).");
            }
        });
        root.SetAction((parsed, cancellationToken) =>
        {
            var options = new DevHostOptions
            {
                Port = parsed.GetValue(port),
                SandboxPort = parsed.GetValue(sandboxPort),
                PostgresPort = parsed.GetValue(postgresPort),
                DataFolder = parsed.GetValue(data),
                ReadyFile = parsed.GetValue(readyFile),
                StripeKey = parsed.GetValue(stripeKey),
                WebhookSecret = parsed.GetValue(webhookSecret),
            };
            return run(parsed.GetValue(ephemeral) ? options.Ephemeral() : options, cancellationToken);
        });
        return root;
    }

    private static Option<int> Port(string name, string what, int value) =>
        new(name) { Description = $"{what}; 0 takes a free one.", DefaultValueFactory = _ => value };
}
