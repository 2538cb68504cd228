using System.Text.Json;
using Billing.Api;
using Billing.Operations;
using Billing.Setup.Steps;

namespace Billing.Cli;

/// <summary>Writes the steps of a set-up as they are done, and the settings that they lead to: sentences for people, or a JSON object per line.</summary>
internal sealed class SetupReport(TextWriter output, TextWriter notes, bool isJson)
{
    public async Task PlannedAsync(IReadOnlyList<Step> steps)
    {
        foreach (var step in steps)
        {
            await DoneAsync(step);
        }
        await notes.WriteLineAsync($"{Changes(steps)} to make; nothing was changed.");
    }

    public Task DoneAsync(Step step) => WriteAsync(
        $"{Word(step.Action),-8} {step.Kind} {step.Name}: {step.Why}.",
        SetupStep.Of(step));

    /// <summary>At once, before anything else can go wrong: Stripe shows a secret only in the answer that makes the endpoint.</summary>
    public async Task SecretAsync(Stripe.WebhookEndpoint endpoint)
    {
        await SettingAsync("Stripe__WebhookSecrets__0", endpoint.Secret!);
        await notes.WriteLineAsync(
            $"This is the signing secret of {endpoint.Id}, and the only time that it is shown: put it into the service's settings now, beside a former one until "
            + "all hosts have it. If it gets lost, reveal or roll it in Stripe's dashboard, or delete the endpoint there and run this again.");
    }

    public async Task CloseAsync(IReadOnlyList<Step> steps, string portal)
    {
        await SettingAsync("Stripe__PortalConfiguration", portal);
        await notes.WriteLineAsync(Changes(steps) == 0 ? "Nothing was to be done." : $"{Changes(steps)} made.");
    }

    private Task SettingAsync(string setting, string value) => WriteAsync($"{setting}={value}", new { Setting = setting, Value = value });

    private async Task WriteAsync(string text, object json)
    {
        await output.WriteLineAsync(isJson ? JsonSerializer.Serialize(json, Json.Options) : TextTable.Plain(text));
        await output.FlushAsync();
    }

    private static int Changes(IReadOnlyList<Step> steps) => steps.Count(step => step.Action != StepAction.Leave);

    private static string Word(StepAction action) => action.ToString().ToLowerInvariant();
}
