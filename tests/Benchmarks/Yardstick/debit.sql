-- The statements of a debit, each on its own: key, org, grants, holds, earlier debit; entry, movement, grant, org, answer.
\set n random(1, :orgs)
\set k :k + 1
BEGIN;
INSERT INTO idempotency_keys AS k (org_id, key, fingerprint, owner, expires_at)
VALUES ('org_' || lpad(:n::text, 7, '0'), 'pgbench-' || :turn::text || '-' || :client_id::text || '-' || :k::text, sha256('debit'), gen_random_uuid(), now() + interval '1 day')
ON CONFLICT (org_id, key) DO UPDATE SET fingerprint = excluded.fingerprint, owner = excluded.owner, lease_until = NULL, status = NULL, body = NULL,
    expires_at = excluded.expires_at WHERE k.expires_at <= now();
SELECT owner, fingerprint, status, body FROM idempotency_keys
WHERE org_id = 'org_' || lpad(:n::text, 7, '0') AND key = 'pgbench-' || :turn::text || '-' || :client_id::text || '-' || :k::text;
SELECT id, plan, status, interval, current_period_end, balance, held, debt, ledger_length AS length, version
FROM orgs WHERE id = 'org_' || lpad(:n::text, 7, '0') FOR UPDATE \gset
SELECT id AS grant_id, source, source_key, amount, remaining, expires_at FROM credit_grants
WHERE org_id = 'org_' || lpad(:n::text, 7, '0') AND remaining > 0 \gset
SELECT id, amount, state, expires_at FROM credit_holds
WHERE org_id = 'org_' || lpad(:n::text, 7, '0') AND state = 'active' AND expires_at <= now();
SELECT number, balance_delta, balance_after, debt_after, created_at FROM credit_entries
WHERE org_id = 'org_' || lpad(:n::text, 7, '0') AND idempotency_key = 'pgbench-' || :turn::text || '-' || :client_id::text || '-' || :k::text;
INSERT INTO credit_entries (org_id, number, kind, balance_delta, debt_delta, balance_after, debt_after, reason, idempotency_key, created_at)
VALUES ('org_' || lpad(:n::text, 7, '0'), :length::bigint + 1, 'debit', -1, 0, :balance::bigint - 1, 0, 'render',
    'pgbench-' || :turn::text || '-' || :client_id::text || '-' || :k::text, now());
INSERT INTO credit_movements (org_id, entry_number, grant_id, delta)
VALUES ('org_' || lpad(:n::text, 7, '0'), :length::bigint + 1, :grant_id::uuid, -1);
UPDATE credit_grants SET remaining = :remaining::bigint - 1 WHERE id = :grant_id::uuid;
UPDATE orgs SET balance = :balance::bigint - 1, ledger_length = :length::bigint + 1 WHERE id = 'org_' || lpad(:n::text, 7, '0');
UPDATE idempotency_keys SET status = 200, body = convert_to('{"entry_id":11,"debited":1,"balance":999999990,"available":999999990}', 'UTF8')
WHERE org_id = 'org_' || lpad(:n::text, 7, '0') AND key = 'pgbench-' || :turn::text || '-' || :client_id::text || '-' || :k::text;
COMMIT;
