-- What taking in one event comes to at least, in one transaction: the event once, the org locked, its subscription and its standing.
-- k counts the events of a client; in a tenth of the transactions it stands still and the event is a duplicate.
\if :k = 0 or random(1, 10) > 1
\set k :k + 1
\set n 100000 + random(1, 10000)
\set minutes random(1, 10000)
\set cancels random(0, 1)
\endif
BEGIN;
WITH fresh AS (
    INSERT INTO stripe_events (id, type, created_at, received_at, payload, org_id, outcome, detail, attempts, retry_at)
    VALUES ('evt_1Bench' || substr(:n::text, 2) || 'Qm' || :turn::text || 'zL' || :client_id::text || 'k' || :k::text, 'customer.subscription.updated', date_trunc('second', now()), now(),
        convert_to(:payload, 'UTF8'), 'org_' || substr(:n::text, 2), 'applied', NULL, 0, NULL)
    ON CONFLICT DO NOTHING
    RETURNING 1)
SELECT count(*) AS fresh FROM fresh \gset
\if :fresh = 1
SELECT plan, version FROM orgs WHERE id = 'org_' || substr(:n::text, 2) FOR UPDATE;
UPDATE subscriptions
SET status = 'active', price_id = 'price_bench_pro_monthly', plan = 'pro', interval = 'monthly',
    current_period_end = date_trunc('second', now()) + interval '20 days' + interval '1 minute' * :minutes::integer,
    cancel_at_period_end = (:cancels::integer = 1), state_at = date_trunc('second', now())
WHERE id = 'sub_1Bench' || substr(:n::text, 2);
UPDATE orgs
SET plan = 'pro', status = 'active', interval = 'monthly',
    current_period_end = date_trunc('second', now()) + interval '20 days' + interval '1 minute' * :minutes::integer,
    cancel_at_period_end = (:cancels::integer = 1), version = version + 1
WHERE id = 'org_' || substr(:n::text, 2);
\endif
COMMIT;
