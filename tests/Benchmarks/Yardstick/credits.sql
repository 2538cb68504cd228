-- The least that telling an org's credits comes to: its row with its grants that are left.
\set n random(1, :orgs)
SELECT o.id, o.balance, o.held, o.debt, g.source, g.remaining, g.expires_at
FROM orgs o LEFT JOIN credit_grants g ON g.org_id = o.id AND g.remaining > 0 WHERE o.id = 'org_' || lpad(:n::text, 7, '0');
