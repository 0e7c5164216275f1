import * as z from "zod";
import type { AppContext } from "../http/context";
import { count } from "../metrics/count";

/** A browser's report is a few hundred bytes; what is longer is no report. */
const MOST_BYTES = 16 * 1024;
/** Reports of one request, and of one isolate in a minute: more say nothing new, and anybody can send them. */
const MOST_IN_BODY = 20;
const MOST_IN_MINUTE = 120;
const MINUTE_MS = 60_000;

/** Directives of our pages' policy and those that browsers report in their place; others are counted together. */
const DIRECTIVES: ReadonlySet<string> = new Set([
  "base-uri",
  "connect-src",
  "default-src",
  "font-src",
  "form-action",
  "frame-ancestors",
  "frame-src",
  "img-src",
  "manifest-src",
  "media-src",
  "object-src",
  "script-src",
  "script-src-attr",
  "script-src-elem",
  "style-src",
  "style-src-attr",
  "style-src-elem",
  "worker-src",
]);
const OTHER = "other";

/** `report-uri` sends one object, `report-to` a list; both name what was broken in another way. */
const ReportUriSchema = z.object({
  "csp-report": z.object({ "effective-directive": z.string().optional(), "violated-directive": z.string().optional() }),
});
const ReportToSchema = z.array(
  z.object({ type: z.string(), body: z.object({ effectiveDirective: z.string().optional() }).optional() }),
);

let minute = 0;
let taken = 0;

/**
 * `POST /api/csp-report`: counts what browsers report of pages that broke their policy. Nothing of a report is kept but the
 * directive's name: addresses in it are a shopper's. Always 204, for no browser reads another answer.
 */
export async function cspReport(c: AppContext): Promise<Response> {
  const declared = Number(c.req.header("Content-Length") ?? 0);
  if (mayTake(Date.now()) && declared <= MOST_BYTES) {
    const text = await c.req.text();
    for (const directive of text.length > MOST_BYTES ? [] : directivesOf(text)) {
      count(c.env, (work) => c.executionCtx.waitUntil(work), "csp_reports_total", { directive });
    }
  }
  return c.body(null, 204);
}

/** The directives that a report names, by names that we know. */
export function directivesOf(text: string): string[] {
  const body = parse(text);
  const single = ReportUriSchema.safeParse(body);
  if (single.success) {
    const { "effective-directive": effective, "violated-directive": violated } = single.data["csp-report"];
    return [known(effective ?? violated)];
  }
  const list = ReportToSchema.safeParse(body);
  if (!list.success) return [];
  return list.data
    .slice(0, MOST_IN_BODY)
    .filter(({ type }) => type === "csp-violation")
    .map((report) => known(report.body?.effectiveDirective));
}

/** `violated-directive` of older browsers has the directive's value after its name. */
function known(directive: string | undefined): string {
  const name = directive?.split(" ")[0] ?? "";
  return DIRECTIVES.has(name) ? name : OTHER;
}

function mayTake(now: number): boolean {
  const current = Math.floor(now / MINUTE_MS);
  if (current !== minute) [minute, taken] = [current, 0];
  taken += 1;
  return taken <= MOST_IN_MINUTE;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
