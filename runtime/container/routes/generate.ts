import type { Middleware } from "koa";
import { GenerateRequestSchema } from "../../contract/generate";
import type { Generate } from "../generation/generate";
import { parseBody } from "../generation/parse";
import { isThinBody, readThinBody, toThinError, toThinResponse } from "../generation/thinBody";

/** `POST /generate`: the canonical body or the older thin one; each is answered in its own shape, errors too. */
export function generateRoute(generate: Generate): Middleware {
  return async (ctx) => {
    const { body } = ctx.request;
    const { deadline, requestId } = ctx.state;
    if (isThinBody(body)) {
      ctx.state.errorShape = toThinError;
      const request = readThinBody(body);
      ctx.body = toThinResponse(request, await generate(request, deadline, requestId));
      return;
    }
    ctx.body = await generate(parseBody(GenerateRequestSchema, body), deadline, requestId);
  };
}
