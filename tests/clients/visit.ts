// A visit with openapi-fetch and the types that openapi-typescript generates: posted, changed, found page by page, drawn.
import createClient from "openapi-fetch";
import type { components, paths } from "./bodymap.js";

const [address, statement] = process.argv.slice(2) as [string, string];
const client = createClient<paths>({ baseUrl: address });

function there<T>(answer: { data?: T; error?: components["schemas"]["Problem"]; response: Response }): T {
  if (answer.data === undefined) throw new Error(`${answer.response.status} ${answer.error?.detail}`);
  return answer.data;
}

// Written out, so that the compiler sees the README's own session.
const body: components["schemas"]["SessionStatement"] = {
  subject: "Patient/123",
  started_at: "2026-11-23T09:00:00-08:00",
  needle: { diameter_mm: 0.25, length_mm: 40 },
  placements: [
    { kind: "trigger_point", view: "posterior", at: [302, 275], region: "trapezius-descending", side: "left", pain_before: 7 },
    { kind: "perimeter", view: "posterior", side: "right", ring: { center: [402, 700], radius_mm: 28, needles: 8 } },
  ],
};
there(await client.POST("/v1/sessions", { body }));

const posted = await client.POST("/v1/sessions", { body: JSON.parse(statement) as typeof body });
const session = there(posted);
if (session.summary.needles_charted !== 9) throw new Error("nine needles are charted");
const path = { session_id: session.id };

const changed = there(
  await client.PATCH("/v1/sessions/{session_id}", {
    params: { path, header: { "If-Match": posted.response.headers.get("etag")! } },
    body: { pain_after: 2.5 },
  }),
);
if (changed.version !== 2 || changed.pain_after !== 2.5) throw new Error("the change is answered");

const found: string[] = [];
let cursor: string | undefined;
do {
  const page = there(await client.GET("/v1/sessions", { params: { query: { limit: 1, cursor } } }));
  found.push(...page.items.map((item) => item.id));
  cursor = page.next ?? undefined;
} while (cursor !== undefined);
if (!found.includes(session.id)) throw new Error("the session is in the list");

const chart = there(await client.GET("/v1/sessions/{session_id}/chart.svg", { params: { path }, parseAs: "text" }));
if (!chart.startsWith("<svg")) throw new Error("the chart is SVG");
console.log(found.length);
