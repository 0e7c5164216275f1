import { HTTPException } from "hono/http-exception";
import { toErrorBody, WandError } from "../../contract/errors";
import { escapeText } from "../../page/html";
import { count } from "../metrics/count";
import type { AppContext } from "./context";

/** The one place where an error becomes an answer: JSON of the contract, or a small page for a browser at a storefront or its forms. */
export function answerError(error: unknown, c: AppContext): Response {
  const known = error instanceof HTTPException ? new WandError("BAD_REQUEST", error.message, { cause: error }) : error;
  const { status, body } = toErrorBody(known);
  count(c.env, (work) => c.executionCtx.waitUntil(work), "error_answers_total", {
    code: body.error.code,
    status: String(status),
  });
  if (status >= 500) c.var.log.error("request_failed", error);
  const wantsPage = PAGES.test(c.req.path) && (c.req.header("Accept") ?? "").includes("text/html");
  if (wantsPage) return c.html(errorPage(status, body.error.message), status as 400);
  return c.json(body, status as 400);
}

/** Where people come with a browser: storefronts, and what their forms are sent to. */
const PAGES = /^\/s\/|^\/api\/shopper\/consent$|^\/api\/cart$/;

const TITLES: Readonly<Record<number, string>> = {
  400: "This address is not right",
  403: "That did not come from the shop",
  404: "There is no such shop here",
  409: "This has sold out",
  410: "This is not sold here any more",
};

function errorPage(status: number, message: string): string {
  const title = TITLES[status] ?? "Something went wrong";
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${title}</title></head>
<body><main><h1>${title}</h1><p>${escapeText(message)}</p></main></body></html>
`;
}
