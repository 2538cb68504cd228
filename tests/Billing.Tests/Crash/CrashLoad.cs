using System.Collections.Concurrent;
using System.Text;
using Billing.Tests.World;

namespace Billing.Tests.Crash;

/// <summary>Delivers events as Stripe does: to whichever host, some twice, the refused ones again, and remembers what was acknowledged.</summary>
internal sealed class CrashLoad(CrashWorld world, IReadOnlyList<CrashOrg> orgs)
{
    private const int Senders = 6;

    private readonly ConcurrentDictionary<string, CrashEvent> _acknowledged = new();
    private readonly ConcurrentQueue<CrashEvent> _refused = new();
    private int _failures;

    public IReadOnlyCollection<CrashEvent> Acknowledged => [.. _acknowledged.Values];

    /// <summary>What nobody acknowledged, stored or not.</summary>
    public IReadOnlyCollection<CrashEvent> Unacknowledged => [.. _refused.Where(e => !_acknowledged.ContainsKey(e.Id))];

    /// <summary>Deliveries that came to nothing that the sender knows of.</summary>
    public int Failures => _failures;

    public Task SendAsync(int seed, CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(() => SendAsync(new Random(seed + sender), stop), CancellationToken.None)));

    /// <summary>Delivers until it is acknowledged.</summary>
    public async Task RedeliverAsync(CrashEvent e)
    {
        using var client = NewClient();
        await Eventually.Async(() => DeliverAsync(client, e, e.Number % world.Count), acknowledged => acknowledged, $"{e.Kind} {e.Id} is taken in");
    }

    private async Task SendAsync(Random random, CancellationToken stop)
    {
        using var client = NewClient();
        while (!stop.IsCancellationRequested)
        {
            var e = random.Next(4) == 0 && _refused.TryDequeue(out var refused) ? refused : orgs[random.Next(orgs.Count)].Next(random);
            var hosts = random.Next(10) == 0 ? Enumerable.Range(0, world.Count) : [random.Next(world.Count)];
            var answers = await Task.WhenAll(hosts.Select(host => DeliverAsync(client, e, host)));
            if (!answers.Contains(true))
            {
                _refused.Enqueue(e);
                await Task.Delay(20, CancellationToken.None); // a host that is gone refuses at once
            }
        }
    }

    private async Task<bool> DeliverAsync(HttpClient client, CrashEvent e, int host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(world.Url(host), "/v1/billing/webhook"));
        request.Content = new StringContent(e.Body, Encoding.UTF8, "application/json");
        request.Headers.Add("Stripe-Signature", Stripe.EventUtility.GenerateSignatureHeader(
            e.Body, BillingWorld.TestSecret, world.World.Sandbox.Clock.GetUtcNow().ToUnixTimeSeconds()));
        try
        {
            using var response = await client.SendAsync(request);
            if (response.IsSuccessStatusCode)
            {
                _acknowledged[e.Id] = e;
                return true;
            }
            Assert.Equal(503, (int)response.StatusCode); // our own trouble, and nothing else
        }
        catch (Exception gone) when (gone is HttpRequestException or TaskCanceledException)
        {
            // Killed meanwhile, or not up again.
        }
        Interlocked.Increment(ref _failures);
        return false;
    }

    private static HttpClient NewClient() => new() { Timeout = TimeSpan.FromSeconds(20) };
}
