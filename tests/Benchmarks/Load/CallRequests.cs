using System.Globalization;
using System.Text;
using Benchmarks.Machine;

namespace Benchmarks.Load;

/// <summary>
/// One call for many orgs, with one of many service keys: a key has a limit of its own, as a SaaS with several backends has several.
/// Where the call takes an idempotency key, each request has a new one.
/// </summary>
/// <param name="head">The request line, such as <c>GET /v1/billing/status</c>.</param>
/// <param name="body">JSON; null: none, and no idempotency key.</param>
/// <param name="keys">Of services.</param>
/// <param name="nextOrg">The number of the org that the next request is for, from 1; null: there is no more to ask. Called by many threads.</param>
/// <param name="run">Tells the idempotency keys of this turn from those of all others.</param>
internal sealed class CallRequests(string head, string? body, IReadOnlyList<string> keys, Func<int?> nextOrg, int run) : IRequests
{
    private const int NumberWidth = 9;

    private int _senders;
    private int _accepted;

    /// <summary>How many were answered with 200.</summary>
    public int Accepted => _accepted;

    public IRequestCursor Open(Uri url) => new Cursor(this, url, Interlocked.Increment(ref _senders));

    private sealed class Cursor : IRequestCursor
    {
        private readonly CallRequests _requests;
        private readonly byte[] _bytes;
        private readonly int _orgAt;
        private readonly int _numberAt;
        private int _number;

        public Cursor(CallRequests requests, Uri url, int sender)
        {
            _requests = requests;
            var org = new string('0', PrimedLedgers.OrgDigits);
            var text = new StringBuilder($"{requests.Head} HTTP/1.1\r\nHost: {url.Authority}\r\nAuthorization: Bearer {requests.KeyOf(sender)}\r\nBilling-Org: org_");
            _orgAt = text.Length;
            text.Append(org).Append("\r\n");
            if (requests.Body is { } body)
            {
                text.Append(CultureInfo.InvariantCulture, $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\nIdempotency-Key: bench-{requests.Run}-{sender}-");
                _numberAt = text.Length;
                text.Append('0', NumberWidth).Append("\r\n\r\n").Append(body);
            }
            else
            {
                text.Append("\r\n");
            }
            _bytes = Encoding.ASCII.GetBytes(text.ToString());
        }

        public byte[]? Next()
        {
            if (_requests.NextOrg() is not { } org)
            {
                return null;
            }
            Digits.Write(_bytes.AsSpan(_orgAt, PrimedLedgers.OrgDigits), org);
            if (_numberAt > 0)
            {
                Digits.Write(_bytes.AsSpan(_numberAt, NumberWidth), ++_number);
            }
            return _bytes;
        }

        public void Accept() => Interlocked.Increment(ref _requests._accepted);
    }

    private string Head => head;

    private string? Body => body;

    private Func<int?> NextOrg => nextOrg;

    private int Run => run;

    private string KeyOf(int sender) => keys[sender % keys.Count];
}
