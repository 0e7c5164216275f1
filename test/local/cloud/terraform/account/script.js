import { DurableObject } from "cloudflare:workers";

export class Counter extends DurableObject {
  async count() {
    const n = ((await this.ctx.storage.get("n")) ?? 0) + 1;
    await this.ctx.storage.put("n", n);
    return n;
  }
}

export default {
  async fetch(request, env) {
    const counter = env.COUNTER.get(env.COUNTER.idFromName("one"));
    const backend = await (await env.BACKEND.fetch(request)).text();
    const { results } = await env.DB.prepare("SELECT 1 AS one").all();
    return Response.json({
      count: await counter.count(),
      backend,
      one: results[0].one,
      cached: await env.CACHE.get("described"),
      bucket: (await env.BUCKET.list()).objects.length,
      colour: env.COLOUR,
      secret: env.SECRET.length,
      limits: env.LIMITS,
    });
  },
  async scheduled() {},
};
