import { HTTPException } from "hono/http-exception";
import { toErrorBody, WandError } from "../../contract/errors";
import { escapeText } from "../../page/html";
import type { AppContext } from "./context";

/** The one place where an error becomes an answer: JSON of the contract, or a small page for a browser at a storefront. */
export function answerError(error: unknown, c: AppContext): Response {
  const known = error instanceof HTTPException ? new WandError("BAD_REQUEST", error.message, { cause: error }) : error;
  const { status, body } = toErrorBody(known);
  if (status >= 500) c.var.log.error("request_failed", error);
  const wantsPage = c.req.path.startsWith("/s/") && (c.req.header("Accept") ?? "").includes("text/html");
  if (wantsPage) return c.html(errorPage(status, body.error.message), status as 400);
  return c.json(body, status as 400);
}

const TITLES: Readonly<Record<number, string>> = {
  400: "This address is not right",
  404: "There is no such shop here",
};

function errorPage(status: number, message: string): string {
  const title = TITLES[status] ?? "Something went wrong";
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${title}</title></head>
<body><main><h1>${title}</h1><p>${escapeText(message)}</p></main></body></html>
`;
}
