using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;

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
        var ephemeral = new Option<bool>("--ephemeral") { Description = "Fresh data, and free ports unless they are given; all is removed at the end." };
        var readyFile = new Option<string?>("--ready-file") { Description = "Write URLs and keys there as JSON once everything answers." };
        var stripeKey = new Option<string?>("--stripe-key") { Description = "Use Stripe's own test mode with this key (sk_test_...) in place of the sandbox." };
        var webhookSecret = new Option<string?>("--webhook-secret") { Description = "What 'stripe listen' printed (whsec_...); goes with --stripe-key." };

        var root = new RootCommand("Starts the billing service with all it needs: a private PostgreSQL, a local Stripe and a demo org.")
        {
            port, sandboxPort, postgresPort, data, ephemeral, readyFile, stripeKey, webhookSecret,
        };
        root.Validators.Add(parsed =>
        {
            Require(parsed, parsed.GetValue(stripeKey) is null == parsed.GetValue(webhookSecret) is null,
                "--stripe-key and --webhook-secret go together: 'stripe listen' prints the secret (README, Stripe's test mode).");
            Require(parsed, parsed.GetValue(stripeKey)?.StartsWith("sk_test_", StringComparison.Ordinal) is not false,
                "--stripe-key takes a secret key of Stripe's test mode, which starts with sk_test_.");
            Require(parsed, parsed.GetValue(webhookSecret)?.StartsWith("whsec_", StringComparison.Ordinal) is not false,
                "--webhook-secret takes the signing secret that 'stripe listen' prints, which starts with whsec_.");
            Require(parsed, !(parsed.GetValue(ephemeral) && IsGiven(parsed, data)),
                "--ephemeral keeps nothing: leave it out to keep data, or leave out --data.");
        });
        root.SetAction((parsed, cancellationToken) =>
        {
            var keeps = !parsed.GetValue(ephemeral);
            int Choose(Option<int> option) => keeps || IsGiven(parsed.CommandResult, option) ? parsed.GetValue(option) : 0;
            return run(
                new DevHostOptions
                {
                    Port = Choose(port),
                    SandboxPort = Choose(sandboxPort),
                    PostgresPort = Choose(postgresPort),
                    DataFolder = keeps ? parsed.GetValue(data) : null,
                    ReadyFile = parsed.GetValue(readyFile),
                    StripeKey = parsed.GetValue(stripeKey),
                    WebhookSecret = parsed.GetValue(webhookSecret),
                },
                cancellationToken);
        });
        return root;
    }

    private static Option<int> Port(string name, string what, int value)
    {
        var option = new Option<int>(name) { Description = $"{what}; 0 takes a free one.", DefaultValueFactory = _ => value };
        // What is no number at all is refused by the parser.
        option.Validators.Add(given => Require(
            given, !given.Tokens.Any(token => int.TryParse(token.Value, out var port) && port is < 0 or > IPEndPoint.MaxPort),
            $"{name} takes a port from 0 to {IPEndPoint.MaxPort}."));
        return option;
    }

    private static bool IsGiven(CommandResult command, Option option) => command.GetResult(option) is { Implicit: false };

    private static void Require(SymbolResult result, bool condition, string otherwise)
    {
        if (!condition)
        {
            result.AddError(otherwise);
        }
    }
}
