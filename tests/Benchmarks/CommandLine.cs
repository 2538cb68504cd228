using System.CommandLine;

namespace Benchmarks;

internal static class CommandLine
{
    public static RootCommand Create(
        Func<BenchmarkOptions, CancellationToken, Task<int>> run, Func<string, CancellationToken, Task<int>> runBareEndpoint,
        Func<string, CancellationToken, Task<int>> runBareIntake)
    {
        var seconds = AtLeastOne("--seconds", "Seconds that each side is driven at each concurrency in each round.", 6);
        var rounds = AtLeastOne("--rounds", "Rounds; the report gives medians over them.", 3);
        var concurrency = new Option<int[]>("--concurrency")
        {
            Description = "Connections that are driven at once, such as --concurrency 1 64; 1 to 300 each.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [1, 16, 64, 256],
        };
        concurrency.Validators.Add(given =>
        {
            if (given.Tokens.Any(token => !int.TryParse(token.Value, out var number) || number is < 1 or > 300))
            {
                given.AddError("--concurrency takes numbers from 1 to 300.");
            }
        });
        var quick = new Option<bool>("--quick") { Description = "One round of 2 seconds at 1 and 64: whether it works, not how fast it is." };
        var host = new Option<string>("--host") { Description = "The folder of the published host.", DefaultValueFactory = _ => "artifacts/billing" };
        var only = new Option<string[]>("--only")
        {
            Description = $"Which of {string.Join(", ", Suite.Names)}; default all but sizes, which takes long.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [.. Suite.Usual],
        };
        only.AcceptOnlyFromAmong([.. Suite.Names]);
        var output = new Option<string>("--output") { Description = "The folder for the reports.", DefaultValueFactory = _ => "artifacts" };

        var root = new RootCommand("Measures the published host beside its limits: pgbench doing the same work, and a web server that does nothing.")
        {
            only, seconds, rounds, concurrency, quick, host, output,
        };
        root.SetAction((parsed, cancellationToken) =>
        {
            var isQuick = parsed.GetValue(quick);
            return run(
                new BenchmarkOptions
                {
                    Host = Path.GetFullPath(parsed.GetValue(host)!),
                    Only = parsed.GetValue(only)!,
                    Output = Path.GetFullPath(parsed.GetValue(output)!),
                    Turn = TimeSpan.FromSeconds(isQuick ? 2 : parsed.GetValue(seconds)),
                    Rounds = isQuick ? 1 : parsed.GetValue(rounds),
                    Concurrencies = isQuick ? [1, 64] : [.. parsed.GetValue(concurrency)!.Distinct().Order()],
                },
                cancellationToken);
        });

        // Started by the benchmark itself, to measure its load generator and the host with.
        root.Add(Hidden("bare-endpoint", runBareEndpoint));
        root.Add(Hidden("bare-intake", runBareIntake));
        return root;
    }

    private static Command Hidden(string name, Func<string, CancellationToken, Task<int>> run)
    {
        var url = new Option<string>("--urls") { DefaultValueFactory = _ => "http://127.0.0.1:0" };
        var command = new Command(name) { url };
        command.Hidden = true;
        command.SetAction((parsed, cancellationToken) => run(parsed.GetValue(url)!, cancellationToken));
        return command;
    }

    private static Option<int> AtLeastOne(string name, string description, int value)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(given =>
        {
            if (given.Tokens.Any(token => int.TryParse(token.Value, out var number) && number < 1))
            {
                given.AddError($"{name} takes a number from 1.");
            }
        });
        return option;
    }
}
