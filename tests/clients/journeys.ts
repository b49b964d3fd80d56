// Three journeys through a client that is generated from docs/openapi.json, as an integrator's would be: tsc says whether what they
// send and read is what the description promises, and the demo town whether that is so. tests/journeys/test_journey_clients.py runs it.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

function clientOf(key: string | undefined) {
  return createClient<paths>({ baseUrl: process.env["VOUCH_AT"] ?? "", headers: { Authorization: `Bearer ${key}` } });
}

const ann = clientOf(process.env["KEY_OF_ANN"]);
const bob = clientOf(process.env["KEY_OF_BOB"]);

// What was asked for; a refusal is told in its sentence.
function got<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  assert.ok(answer.data !== undefined, `${answer.response.status}: ${JSON.stringify(answer.error)}`);
  return answer.data;
}

async function oneWordGoesToAnotherSchool(): Promise<void> {
  const supplier = got(await ann.POST("/api/v1/suppliers", { body: { name: "Silverbirch Pianos", aliases: ["Silverbirch"] } })).id;
  const body = { interest: null, rating: 4, praise: "Tuned all three in a morning." };
  const inSupplier = { params: { path: { supplier_id: supplier } } };
  const review_id = got(await ann.POST("/api/v1/suppliers/{supplier_id}/reviews", { ...inSupplier, body })).id;

  const read = await ann.GET("/api/v1/reviews/{review_id}", { params: { path: { review_id } } });
  const header = { "If-Match": read.response.headers.get("etag") ?? "" };
  const revised = { params: { path: { review_id }, header }, body: { ...body, rating: 5 } };
  assert.equal(got(await ann.PUT("/api/v1/reviews/{review_id}", revised)).version, 2);
  const stale = await ann.PUT("/api/v1/reviews/{review_id}", revised);
  assert.equal(stale.error?.status, 409);

  const audience = { params: { path: { item_id: review_id } } };
  const everyone = { grants: [{ kind: "everyone" as const, fields: ["rating", "praise"] }] };
  const told = got(await ann.PUT("/api/v1/reviews/{item_id}/audience", { ...audience, body: everyone }));
  assert.match(told.sentence, /Every school on Vouch can see the rating/);
  const seen = got(await bob.GET("/api/v1/suppliers/{supplier_id}/reviews", inSupplier));
  assert.deepEqual(seen.reviews.map((one) => [one.rating, one.praise, one.criticism]), [[5, body.praise, null]]);

  const ended = await ann.DELETE("/api/v1/reviews/{item_id}/audience", audience);
  assert.equal(ended.response.status, 204);
  assert.deepEqual(got(await bob.GET("/api/v1/suppliers/{supplier_id}/reviews", inSupplier)).reviews, []);
}

async function aListIsImported(): Promise<void> {
  const list = new Blob(["Supplier name,Postcode\nQuillfeather Drains,LN9 5AB\nThistlemoor Fencing,LN9 5AC\n"]);
  const body = { file: list as unknown as string };
  const bodySerializer = () => {
    const form = new FormData();
    form.append("file", list, "list.csv");
    return form;
  };
  const import_id = got(await ann.POST("/api/v1/suppliers/imports", { body, bodySerializer })).id;
  const one = { params: { path: { import_id } } };
  const until = async (wanted: string) => {
    for (let tries = 0; tries < 300; tries += 1) {
      const found = got(await ann.GET("/api/v1/suppliers/imports/{import_id}", one));
      if (found.state === wanted) return found;
      assert.notEqual(found.state, "refused", found.sentence);
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error(`the import is still not ${wanted}`);
  };
  await until("mapping");
  await ann.PUT("/api/v1/suppliers/imports/{import_id}/columns", { ...one, body: { holds: ["name", "postcode"] } });
  assert.equal((await until("checked")).ready, 2);
  await ann.POST("/api/v1/suppliers/imports/{import_id}/start", { ...one, body: { all_or_nothing: true } });
  await until("done");
  const query = { list: "added" };
  const rows = got(await ann.GET("/api/v1/suppliers/imports/{import_id}/rows", { params: { path: { import_id }, query } })).rows;
  assert.deepEqual(rows.map((row) => row.name), ["Quillfeather Drains", "Thistlemoor Fencing"]);
}

async function theTrailIsReadAndTakenAway(): Promise<void> {
  const read = got(await ann.GET("/api/v1/trail/entries", { params: { query: { limit: 100 } } }));
  assert.ok(read.entries.some((entry) => entry.type === "suppliers.imported"), "the import left an entry");
  const subject = read.entries.find((entry) => entry.type === "review.revised")?.subject ?? "";
  const then = got(await ann.GET("/api/v1/trail/as-of", { params: { query: { subject } } }));
  assert.ok(then.fields.some((field) => field.field === "rating" && field.value === 5), "the rating is told of the day");
  const pack = await ann.POST("/api/v1/trail/pack", { body: { grade: "complete" }, parseAs: "arrayBuffer" });
  const bytes = new Uint8Array(got(pack) as unknown as ArrayBuffer);
  assert.deepEqual([bytes[0], bytes[1]], [0x50, 0x4b]);
}

await oneWordGoesToAnotherSchool();
await aListIsImported();
await theTrailIsReadAndTakenAway();
console.log("three journeys");
