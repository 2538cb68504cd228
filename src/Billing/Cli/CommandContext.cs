using System.CommandLine;

namespace Billing.Cli;

/// <summary>What a command runs with: where it writes, and settings that come before its own. As it is: the console, and none.</summary>
internal sealed class CommandContext : InvocationConfiguration
{
    /// <summary>Such as <c>--Stripe:Timeout=00:00:05</c>.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    public WebApplicationBuilder CreateBuilder(params IEnumerable<string> settings) => BillingApp.CreateBuilder([.. Settings, .. settings]);

    public static CommandContext Of(ParseResult parsed) => (CommandContext)parsed.InvocationConfiguration;
}
