// What a Node shop does with Stripe, done with Stripe's own library against the sandbox.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import Stripe from 'stripe';

const base = new URL(process.env.STRIPE_SANDBOX_URL);
const client = (key = `sk_test_${randomUUID().replaceAll('-', '')}`) =>
  new Stripe(key, { host: base.hostname, port: base.port, protocol: 'http', maxNetworkRetries: 0 });

const stripe = client();
const received = [];
let server;
let endpoint;

before(async () => {
  server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ body: Buffer.concat(chunks), signature: request.headers['stripe-signature'] });
      response.end();
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  endpoint = await stripe.webhookEndpoints.create({
    url: `http://127.0.0.1:${server.address().port}/hook`,
    enabled_events: ['*'],
    api_version: '2026-07-29.dahlia',
  });
});

after(() => server.close());

async function eventually(condition, what) {
  for (let i = 0; i < 600; i++) {
    const found = await condition();
    if (found) return found;
    await new Promise((done) => setTimeout(done, 50));
  }
  assert.fail(`it never came to be that ${what}`);
}

async function price(unit_amount, lookup_key) {
  const product = await stripe.products.create({ name: 'Pro' });
  return stripe.prices.create({ product: product.id, currency: 'usd', unit_amount, recurring: { interval: 'month' }, lookup_key });
}

async function subscribe({ card = '4242424242424242', trial_period_days } = {}) {
  const customer = await stripe.customers.create({ email: 'buyer@example.com', metadata: { org: '7' } });
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    customer: customer.id,
    line_items: [{ price: (await price(2000)).id, quantity: 1 }],
    success_url: 'http://shop.test/thanks?session_id={CHECKOUT_SESSION_ID}',
    subscription_data: { metadata: { org: '7' }, trial_period_days },
  });
  const paid = await fetch(session.url, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ card_number: card, exp: '12/60', cvc: '123' }),
  });
  assert.equal(paid.status, 303);
  assert.equal(paid.headers.get('location'), `http://shop.test/thanks?session_id=${session.id}`);
  return stripe.checkout.sessions.retrieve(session.id, { expand: ['subscription.latest_invoice', 'line_items'] });
}

test('a first purchase ends in a paid, active subscription', async () => {
  const session = await subscribe();

  assert.equal(session.status, 'complete');
  assert.equal(session.payment_status, 'paid');
  assert.equal(session.subscription.status, 'active');
  assert.equal(session.subscription.metadata.org, '7');
  assert.equal(session.subscription.latest_invoice.billing_reason, 'subscription_create');
  assert.equal(session.line_items.data[0].amount_total, 2000);
});

test('a delivered event passes constructEvent, a forged one does not', async () => {
  const session = await subscribe();
  const parsed = () => received.map(({ body, signature }) => stripe.webhooks.constructEvent(body, signature, endpoint.secret));
  const completed = await eventually(
    () => parsed().find((event) => event.type === 'checkout.session.completed' && event.data.object.id === session.id),
    'the completed session was delivered');

  assert.equal(completed.api_version, '2026-07-29.dahlia');
  const { body, signature } = received[0];
  assert.throws(() => stripe.webhooks.constructEvent(body + ' ', signature, endpoint.secret), Stripe.errors.StripeSignatureVerificationError);
  assert.equal((await stripe.events.retrieve(completed.id)).data.object.id, session.id);
});

test('a subscription changes its price, is scheduled to end, and is cancelled', async () => {
  const { subscription } = await subscribe();
  const changed = await stripe.subscriptions.update(subscription.id, {
    items: [{ id: subscription.items.data[0].id, price: (await price(5000)).id }],
    proration_behavior: 'always_invoice',
  });
  assert.equal(changed.items.data[0].price.unit_amount, 5000);
  assert.notEqual(changed.latest_invoice, subscription.latest_invoice.id);

  const scheduled = await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true });
  assert.equal(scheduled.cancel_at, scheduled.items.data[0].current_period_end);
  const kept = await stripe.subscriptions.update(subscription.id, { cancel_at: null });
  assert.equal(kept.cancel_at_period_end, false);

  const cancelled = await stripe.subscriptions.cancel(subscription.id, { cancellation_details: { comment: 'bye' } });
  assert.equal(cancelled.status, 'canceled');
  assert.equal(cancelled.cancellation_details.comment, 'bye');
});

test('auto paging sees every object once', async () => {
  const other = client();
  const made = [];
  for (let i = 0; i < 23; i++) made.push((await other.customers.create({ name: `c${i}` })).id);

  const seen = await other.customers.list({ limit: 5 }).autoPagingToArray({ limit: 1000 });

  assert.deepEqual(seen.map((customer) => customer.id), made.reverse());
});

test('lookup keys find a price', async () => {
  const made = await price(900, 'pro_monthly');
  const found = await stripe.prices.list({ lookup_keys: ['pro_monthly'], active: true, expand: ['data.product'] });
  assert.deepEqual(found.data.map(({ id }) => id), [made.id]);
  assert.equal(found.data[0].product.name, 'Pro');
});

test('errors have the classes that the library promises', async () => {
  await assert.rejects(stripe.customers.create({ email: 'nobody' }), Stripe.errors.StripeInvalidRequestError);
  await assert.rejects(stripe.customers.retrieve('cus_none'), (error) => error.statusCode === 404 && error.code === 'resource_missing');
  await assert.rejects(client('sk_live_x').customers.list(), Stripe.errors.StripeAuthenticationError);
  await assert.rejects(stripe.customers.create({ surprise: 1 }), (error) => error.code === 'parameter_unknown' && error.param === 'surprise');
});

test('an idempotency key replays, and refuses other parameters', async () => {
  const idempotencyKey = randomUUID();
  const first = await stripe.customers.create({ name: 'once' }, { idempotencyKey });
  const second = await stripe.customers.create({ name: 'once' }, { idempotencyKey });

  assert.equal(second.id, first.id);
  assert.equal(second.lastResponse.headers['idempotent-replayed'], 'true');
  await assert.rejects(stripe.customers.create({ name: 'twice' }, { idempotencyKey }), Stripe.errors.StripeIdempotencyError);
});

test('a portal session is created for a customer', async () => {
  const { subscription } = await subscribe();
  const session = await stripe.billingPortal.sessions.create({
    customer: subscription.customer,
    return_url: 'http://shop.test/account',
    flow_data: { type: 'subscription_cancel', subscription_cancel: { subscription: subscription.id } },
  });
  assert.equal(session.flow.subscription_cancel.subscription, subscription.id);
});

test('a payment is refunded in two parts, and not a third time', async () => {
  const { subscription } = await subscribe();
  const payments = await stripe.invoicePayments.list({ invoice: subscription.latest_invoice.id });
  const { payment_intent } = payments.data[0].payment;

  const part = await stripe.refunds.create({ payment_intent, amount: 500, reason: 'requested_by_customer' });
  const rest = await stripe.refunds.create({ payment_intent });

  assert.deepEqual([part.status, part.amount, rest.amount], ['succeeded', 500, 1500]);
  const charge = await stripe.charges.retrieve(rest.charge, { expand: ['refunds'] });
  assert.deepEqual([charge.amount_refunded, charge.refunded], [2000, true]);
  assert.deepEqual(charge.refunds.data.map(({ id }) => id), [rest.id, part.id]);
  assert.deepEqual((await stripe.refunds.list({ payment_intent }).autoPagingToArray({ limit: 10 })).map(({ id }) => id), [rest.id, part.id]);
  await assert.rejects(stripe.refunds.create({ charge: charge.id }), (error) => error.code === 'charge_already_refunded');
});

// Last: it moves the clock of everybody.
test('a trial that cannot be paid is past due until somebody pays', async () => {
  const { subscription } = await subscribe({ card: '4000000000000341', trial_period_days: 7 });
  assert.equal(subscription.status, 'trialing');

  await fetch(new URL('/_sandbox/clock/advance', base), { method: 'POST', body: JSON.stringify({ to: subscription.trial_end + 3700 }) });

  const late = await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] });
  assert.equal(late.status, 'past_due');
  assert.equal(late.latest_invoice.attempt_count, 1);
  await assert.rejects(stripe.invoices.pay(late.latest_invoice.id), (error) => error instanceof Stripe.errors.StripeCardError && error.code === 'card_declined');
  const card = await stripe.paymentMethods.attach('pm_card_visa', { customer: late.customer });
  const invoice = await stripe.invoices.pay(late.latest_invoice.id, { payment_method: card.id });
  assert.equal(invoice.status, 'paid');
  assert.equal((await stripe.subscriptions.retrieve(subscription.id)).status, 'active');
});
