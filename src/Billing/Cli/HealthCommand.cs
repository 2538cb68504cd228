using System.CommandLine;

namespace Billing.Cli;

/// <summary>Asks a host of this machine whether it is ready, for containers without curl.</summary>
internal static class HealthCommand
{
    private const int NotReady = 1;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    public static Command Create()
    {
        var url = new Option<Uri>("--url")
        {
            Description = "What to ask.",
            DefaultValueFactory = _ => new Uri("http://127.0.0.1:8080/health/ready"),
            CustomParser = parsed =>
            {
                if (!Uri.TryCreate(parsed.Tokens[0].Value, UriKind.Absolute, out var given) || given.Scheme is not ("http" or "https"))
                {
                    parsed.AddError("--url takes an http or https URL.");
                }
                return given;
            },
        };
        var health = new Command("health", "Ask a running host whether it is ready. Exit code 1 if it is not.") { url };
        health.SetAction((parsed, cancellationToken) => AskAsync(CommandContext.Of(parsed), parsed.GetValue(url)!, cancellationToken));
        return health;
    }

    private static async Task<int> AskAsync(CommandContext context, Uri url, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var response = await client.GetAsync(url, cancellationToken);
            await context.Output.WriteLineAsync(await response.Content.ReadAsStringAsync(cancellationToken));
            return response.IsSuccessStatusCode ? 0 : NotReady;
        }
        catch (Exception silence) when (silence is HttpRequestException or OperationCanceledException)
        {
            await context.Error.WriteLineAsync($"No answer from {url}: {silence.Message}");
            return NotReady;
        }
    }
}
