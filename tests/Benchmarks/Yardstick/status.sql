-- The least that telling what an org has comes to: one row by its key.
\set n random(1, :orgs)
SELECT id, plan, status, interval, current_period_end, cancel_at_period_end, cancel_at, trial_end, plan_until, balance, held, debt
FROM orgs WHERE id = 'org_' || lpad(:n::text, 7, '0');
