import { Router } from "@koa/router";
import Koa from "koa";
import { WandError } from "../contract/errors";
import { createGenerate } from "./generation/generate";
import type { Models } from "./llm/models";
import type { Logger } from "./log";
import { accessLog } from "./middleware/accessLog";
import { closeWhenDraining } from "./middleware/closeWhenDraining";
import { deadline } from "./middleware/deadline";
import { errorBoundary } from "./middleware/errorBoundary";
import { jsonBody } from "./middleware/jsonBody";
import { notFound } from "./middleware/notFound";
import { requestId } from "./middleware/requestId";
import { generateRoute } from "./routes/generate";
import { healthRoute } from "./routes/health";

export interface AppDeps {
  log: Logger;
  models: Models;
  buildId: string;
  /** Whether the server has stopped taking connections. */
  isDraining?: () => boolean;
}

/** Builds the generator's server; listens to nothing. */
export function createApp(deps: AppDeps): Koa {
  const app = new Koa();
  // What breaks beside a request, mostly its connection; Koa would print it as a text among our lines.
  app.on("error", ({ code }: NodeJS.ErrnoException) =>
    deps.log.warn({ event: "connection", code }, "connection broke"),
  );
  app.use(requestId());
  app.use(accessLog(deps.log));
  app.use(closeWhenDraining(deps.isDraining ?? (() => false)));
  app.use(errorBoundary(deps.log));

  const router = new Router();
  router.get("/health", healthRoute(deps));
  router.post("/generate", deadline(), jsonBody(), generateRoute(createGenerate(deps)));
  app.use(notFound());
  app.use(router.routes());
  app.use(router.allowedMethods({ throw: true, methodNotAllowed, notImplemented: methodNotAllowed }));
  return app;
}

const methodNotAllowed = (): WandError =>
  new WandError("METHOD_NOT_ALLOWED", "This route takes another method: POST /generate, GET /health.");
