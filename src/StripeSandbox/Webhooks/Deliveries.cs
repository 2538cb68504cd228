using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using StripeSandbox.Faults;
using StripeSandbox.State;

namespace StripeSandbox.Webhooks;

/// <summary>
/// Carries every pending delivery to its end: attempts, pauses that double with jitter, giving up. Each delivery is a
/// task of its own and each endpoint has its own places, so a slow endpoint holds up nobody else.
/// </summary>
internal sealed class Deliveries(SandboxOptions options, SandboxClock clock, SandboxFaults faults) : IAsyncDisposable
{
    private readonly WebhookSender _sender = new(clock, options.DeliveryTimeout);
    private readonly DeliveryStrikes _strikes = new(faults);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _places = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Task> _running = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Deliveries whose first attempt has not ended yet.</summary>
    public Outstanding FirstAttempts { get; } = new();

    public void StartAll(Account account, IEnumerable<JsonObject> written)
    {
        foreach (var json in written.Where(json => json.Type() == Delivery.Type && Delivery.IsPending(json)))
        {
            // The commit that records an attempt writes the delivery too; it is running already.
            if (!_running.ContainsKey(json.Id()) && !_strikes.Holds(account, json))
            {
                Start(account, json.Id(), _strikes.Overtake(json));
            }
        }
    }

    /// <summary>
    /// Waits until all that is on its way has had its first attempt, what waits to be overtaken included, and what that brought
    /// about, too. At most the given real time for each of these.
    /// </summary>
    public async Task SettleAsync(TimeSpan atMost, CancellationToken ct)
    {
        do
        {
            _strikes.ReleaseAll();
            await FirstAttempts.WaitForNoneAsync(atMost, ct);
        }
        while (_strikes.AnyWaiting);
    }

    private void Start(Account account, string deliveryId, Action attempted)
    {
        var ended = new TaskCompletionSource();
        if (!_running.TryAdd(deliveryId, ended.Task))
        {
            attempted();
            return;
        }

        FirstAttempts.Enter();
        // Fairness: begun in the order of the events, which the thread pool would otherwise turn around.
        _ = Task.Factory.StartNew(() => RunAsync(account, deliveryId, attempted, ended), CancellationToken.None, TaskCreationOptions.PreferFairness, TaskScheduler.Default);
    }

    private async Task RunAsync(Account account, string deliveryId, Action attempted, TaskCompletionSource ended)
    {
        try
        {
            await CarryAsync(account, deliveryId, attempted);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // It stays pending in the journal and goes on at the next start.
        }
        finally
        {
            _running.TryRemove(deliveryId, out _);
            ended.SetResult();
        }
    }

    private async Task CarryAsync(Account account, string deliveryId, Action attempted)
    {
        var isFirst = true;
        try
        {
            while (true)
            {
                var (attempts, isOver) = await AttemptAsync(account, deliveryId);
                if (isFirst)
                {
                    attempted();
                    FirstAttempts.Leave();
                }

                isFirst = false;
                if (isOver)
                {
                    return;
                }

                await Task.Delay(PauseAfter(attempts), clock, _stopping.Token);
            }
        }
        finally
        {
            if (isFirst)
            {
                FirstAttempts.Leave();
            }
        }
    }

    private async Task<(int Attempts, bool IsOver)> AttemptAsync(Account account, string deliveryId)
    {
        var (delivery, endpoint) = account.Execute(RequestOrigin.None, tx =>
            (tx.Get(Delivery.Type, deliveryId), tx.Find("webhook_endpoint", tx.Get(Delivery.Type, deliveryId).Text("endpoint"))));
        var attempts = Delivery.Attempts(delivery) + 1;
        var result = endpoint is null || !WebhookRouting.IsEnabled(endpoint)
            ? new AttemptResult(clock.UnixNow, null, "the endpoint is disabled or deleted")
            : await SendAsync(account, delivery.Text("event"), endpoint);
        var isLast = attempts >= options.MaxDeliveryAttempts || endpoint is null;
        options.Log?.Invoke($"{result.Status?.ToString(CultureInfo.InvariantCulture) ?? "---"} {delivery.Text("type")} [{delivery.Text("event")}] to {delivery.Text("endpoint")}, "
            + $"attempt {attempts}{(result.Error is null ? "" : $": {result.Error}{(isLast ? "; given up" : "")}")}");
        account.Execute(RequestOrigin.None, tx => Delivery.Record(tx, deliveryId, result, isLast));
        return (attempts, result.Succeeded || isLast);
    }

    private async Task<AttemptResult> SendAsync(Account account, string eventId, JsonObject endpoint)
    {
        var places = _places.GetOrAdd(endpoint.Id(), _ => new SemaphoreSlim(options.ConcurrentDeliveriesPerEndpoint));
        await places.WaitAsync(_stopping.Token);
        try
        {
            var rendered = account.Execute(RequestOrigin.None, tx => tx.Render(tx.Get("event", eventId)));
            return await _sender.AttemptAsync(rendered, endpoint, _stopping.Token);
        }
        finally
        {
            places.Release();
        }
    }

    private TimeSpan PauseAfter(int attempts)
    {
        var pause = options.RetryBackoff * Math.Pow(2, Math.Min(attempts - 1, 30));
        if (pause > options.RetryBackoffCap)
        {
            pause = options.RetryBackoffCap;
        }
#pragma warning disable CA5394 // Jitter needs no secrecy.
        return pause * (0.75 + Random.Shared.NextDouble() / 2);
#pragma warning restore CA5394
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_running.Values);
        _sender.Dispose();
        _stopping.Dispose();
    }
}
