using System.Globalization;
using System.Runtime.InteropServices;

namespace StripeSandbox;

/// <summary>The command line: <c>dotnet run --project src/StripeSandbox -- --url http://127.0.0.1:12111 --state-file sandbox.jsonl</c>.</summary>
internal static class SandboxProgram
{
    private const string Usage = """
        A stateful local Stripe.

          --url <address>         Where to listen. Default http://127.0.0.1:12111.
          --public-url <address>  How browsers reach it, for links. Default: the address listened on.
          --state-file <path>     Keep everything between runs in this file. Default: in memory only.
          --start-time <instant>  What the clock shows at start, such as 2026-01-31T09:00:00Z. Default: now.
          --max-attempts <n>      Attempts of a webhook delivery, 1 to 100. Default 10.
          --after-retries <what>  When a renewal's last attempt failed: cancel (default), unpaid or past_due.

        Any sk_test_ key is an account of its own. Pay a checkout page without a browser:
          curl -i "$url" -d card_number=4242424242424242 -d exp=12/34 -d cvc=123 [-d email=..] [-d name=..]
        Control (JSON): GET /_sandbox, GET /_sandbox/clock, POST /_sandbox/clock/advance {"seconds": n} or {"to": unix},
          GET /_sandbox/deliveries, POST /_sandbox/deliveries/settle, POST /_sandbox/events/{id}/resend,
          GET, POST, DELETE /_sandbox/faults {"on": "delivery", "kind": "drop", "event": "invoice.paid", "count": 1},
          POST /_sandbox/checkout/sessions/{id}/pay {"card": "4242424242424242", "email": ".."} or {"iban": ".."}
        """;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        if (args is ["--help" or "-h", ..])
        {
            await output.WriteLineAsync(Usage);
            return 0;
        }
        try
        {
            var options = Parse(args);
            // Synchronized, as Console.Out is: lines come from many threads.
            options.Log = output.WriteLine;
            await using var host = await SandboxHost.StartAsync(options);
            await output.WriteLineAsync($"Stripe sandbox listening on {host.Url.GetLeftPart(UriPartial.Authority)}");
            await WaitForSignalAsync();
            return 0;
        }
        catch (Exception refusal) when (refusal is ArgumentException or FormatException or InvalidDataException or IOException)
        {
            await error.WriteLineAsync(refusal.Message);
            return 1;
        }
    }

    private static async Task WaitForSignalAsync()
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await stop.Task;
    }

    private static SandboxOptions Parse(string[] args)
    {
        var options = new SandboxOptions { Url = "http://127.0.0.1:12111" };
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{args[i]} needs a value.\n\n{Usage}");
            switch (args[i])
            {
                case "--url": options.Url = value; break;
                case "--public-url": options.PublicUrl = value; break;
                case "--state-file": options.StateFile = value; break;
                case "--start-time": options.StartTime = DateTimeOffset.Parse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal); break;
                case "--max-attempts": options.MaxDeliveryAttempts = int.Parse(value, CultureInfo.InvariantCulture); break;
                case "--after-retries": options.AfterPaymentRetries = ReadAfterRetries(value); break;
                default: throw new ArgumentException($"Unknown option {args[i]}.\n\n{Usage}");
            }
        }
        return options;
    }

    private static AfterPaymentRetries ReadAfterRetries(string value) => value switch
    {
        "cancel" => AfterPaymentRetries.Cancel,
        "unpaid" => AfterPaymentRetries.MarkUnpaid,
        "past_due" => AfterPaymentRetries.LeavePastDue,
        _ => throw new ArgumentException($"--after-retries is cancel, unpaid or past_due, not '{value}'."),
    };
}
