// Uses the client that openapi-typescript and openapi-fetch make of openapi.yaml. Types are checked when this compiles, values when it runs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import createClient from "openapi-fetch";
import type { components, paths } from "./generated/billing.js";

type Schemas = components["schemas"];

// Fails to compile unless both are the same type.
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <T extends true>(): T | void => undefined;

const ready: { billing_url: string; keys: Record<string, string>; org: string } = JSON.parse(readFileSync(process.env["READY_FILE"]!, "utf8"));
const clientOf = (role: string) =>
  createClient<paths>({ baseUrl: ready.billing_url, headers: { Authorization: `Bearer ${ready.keys[role]}` } });
const owner = clientOf("owner");

test("status of an org on the free plan", async () => {
  const { data, response } = await owner.GET("/v1/billing/status");
  assert(data);
  holds<Same<typeof data.status, "active" | "trialing" | "past_due" | null>>();
  holds<Same<typeof data.interval, "monthly" | "annual" | null>>();
  holds<Same<typeof data.current_period_end, string | null>>();
  holds<Same<typeof data.credits, number>>();
  assert.deepEqual(data, {
    plan: "free", status: null, interval: null, current_period_end: null, cancel_at_period_end: null, cancel_at: null, trial_end: null, credits: 0,
  });
  assert.match(response.headers.get("x-request-id") ?? "", /^req_/);
});

test("checkout, twice under one key", async () => {
  const start = () => owner.POST("/v1/billing/checkout", {
    params: { header: { "Idempotency-Key": "client-1", "X-Request-Id": "mine" } },
    body: { plan: "pro", interval: "annual" },
  });
  const { data, response } = await start();
  assert(data);
  holds<Same<typeof data.kind, "new_subscription" | "plan_change">>();
  holds<Same<typeof data.session_id, string | null>>();
  assert.equal(data.kind, "new_subscription");
  assert.equal(data.checkout_url, data.url);
  assert.match(data.session_id ?? "", /^cs_/);
  assert.equal(response.headers.get("x-request-id"), "mine");
  const again = await start();
  assert.deepEqual(again.data, data);
  assert.equal(again.response.headers.get("idempotent-replayed"), "true");
});

test("a top-up by pack and by number", async () => {
  const pack = await owner.POST("/v1/billing/topup", { body: { pack: "small" } });
  assert.equal(pack.data?.credits, 500);
  const custom = await owner.POST("/v1/billing/topup", { body: { credits: 2500 } });
  assert.equal(custom.data?.credits, 2500);
  const { error } = await owner.POST("/v1/billing/topup", { body: { pack: "small", credits: 2500 } });
  assert.equal(error?.error.details?.errors?.[0]?.code, "exactly_one");
});

test("an org that a service key names", async () => {
  const service = clientOf("service");
  const named = await service.GET("/v1/billing/credits", { params: { header: { "Billing-Org": ready.org } } });
  assert.equal(named.data?.debt, 0);
  const unknown = await service.GET("/v1/billing/credits", { params: { header: { "Billing-Org": "nobody" } } });
  assert.equal(unknown.error?.error.code, "NOT_FOUND");
});

test("a refusal", async () => {
  const { data, error, response } = await owner.POST("/v1/billing/activate", {
    body: { session_id: "cs_test_nobody" },
  });
  assert.equal(data, undefined);
  assert(error);
  holds<Same<typeof error, Schemas["ErrorResponse"]>>();
  const code: Schemas["ErrorBody"]["code"] = "FORBIDDEN";
  assert.equal(response.status, 403);
  assert.equal(error.error.code, code);
  assert.equal(error.metadata.request_id, response.headers.get("x-request-id"));
});

test("what the contract does not have does not compile", async () => {
  // @ts-expect-error There is no such field.
  const request: Schemas["CheckoutRequest"] = { plan: "pro", price_id: "price_1" };
  const unknown = await owner.POST("/v1/billing/checkout", { body: request });
  assert.equal(unknown.error?.error.code, "VALIDATION_ERROR");
  // @ts-expect-error There is no such interval.
  const interval = await owner.POST("/v1/billing/checkout", { body: { plan: "pro", interval: "weekly" } });
  assert.equal(interval.error?.error.details?.errors?.[0]?.path, "interval");
  // @ts-expect-error The session is missing.
  const session = await owner.POST("/v1/billing/activate", { body: {} });
  assert.equal(session.error?.error.details?.errors?.[0]?.code, "required");
});
