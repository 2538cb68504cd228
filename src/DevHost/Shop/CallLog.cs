using System.Text.Json.Nodes;

namespace DevHost.Shop;

/// <summary>A call of the backend part to the service, as the page's panel shows it. Without the key.</summary>
internal sealed record BackendCall(
    string Method, string Path, IReadOnlyDictionary<string, string> Headers, JsonNode? Request, int Status, JsonNode? Response, long Milliseconds);

/// <summary>Calls that the page has not asked for yet; the newest few, as a page may never ask. Safe for concurrent use.</summary>
internal sealed class CallLog
{
    private const int Most = 20;

    private readonly Lock _gate = new();
    private readonly Queue<BackendCall> _calls = [];

    public void Add(BackendCall call)
    {
        lock (_gate)
        {
            _calls.Enqueue(call);
            if (_calls.Count > Most)
            {
                _calls.Dequeue();
            }
        }
    }

    public IReadOnlyList<BackendCall> Take()
    {
        lock (_gate)
        {
            BackendCall[] taken = [.. _calls];
            _calls.Clear();
            return taken;
        }
    }
}
