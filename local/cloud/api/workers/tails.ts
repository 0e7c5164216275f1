/** Tails of a Worker: made here, listened to by a WebSocket at the address that is answered (protocol `trace-v1`). */
import { z } from "zod";
import { errors, INVALID_INPUT } from "../../refusals";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import { TailFilter } from "../../workers/tailFilters";
import type { Tail } from "../../workers/tails";
import { checked } from "../../validation";
import { parseJson } from "../body";
import { ok } from "../envelope";
import { findScript } from "./find";
import { TAIL_PATH } from "./tailSocket";

const Input = z.object({ filters: z.array(TailFilter).default([]) });
/** Who asks from this machine, by the address that the edge gives to Workers. */
const SELF = ["127.0.0.1", "::1", "::ffff:127.0.0.1"];

export function tailRoutes({ state, tails, apiAddress }: Services): Routes {
  const app = new Routes(
    "a WebSocket on the API's port with `trace-v1` of workerd's own traces, Durable Objects' included; CPU and wall time are 0. All of wrangler's filters; `debug` is not heeded. Tails live six hours, or until a restart",
  );

  /** One tail, the newest, though the route is called a list: so the description has it, and every SDK. */
  app.get("/:script/tails", (c) => {
    const newest = tails.of(findScript(state, c.req.param("script")).worker).at(-1);
    return ok(c, newest ? shown(newest) : null);
  });
  app.post("/:script/tails", async (c) => {
    const { worker } = findScript(state, c.req.param("script"));
    const text = await c.req.text();
    const { filters } = checked(
      Input,
      text === "" ? {} : parseJson(text, INVALID_INPUT.workers),
      INVALID_INPUT.workers,
    );
    return ok(c, shown(await tails.open(worker, filters.map(withOwnAddress))));
  });
  app.delete("/:script/tails/:tail", async (c) => {
    const { worker } = findScript(state, c.req.param("script"));
    const id = c.req.param("tail");
    if (!tails.of(worker).some((tail) => tail.id === id)) throw errors.tailNotFound();
    await tails.end(id);
    return ok(c, null);
  });
  return app;

  function shown({ id, expiresAt }: Tail) {
    return { id, url: `ws://${apiAddress()}${TAIL_PATH}${id}`, expires_at: expiresAt.toISOString() };
  }
}

function withOwnAddress(filter: TailFilter): TailFilter {
  if (!("client_ip" in filter)) return filter;
  return { client_ip: filter.client_ip.flatMap((address) => (address === "self" ? SELF : [address])) };
}
