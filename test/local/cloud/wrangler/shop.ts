/** A shop's Worker with one of everything, as a project of wrangler's. */
import { atEdge } from "../support";
import { Wrangler } from "./support";

const CODE = `
  import { DurableObject } from "cloudflare:workers";
  import { version } from "./version.js";
  import page from "./page.html";
  export class Counter extends DurableObject {
    async next() {
      const n = ((await this.ctx.storage.get("n")) ?? 0) + 1;
      await this.ctx.storage.put("n", n);
      return n;
    }
  }
  export default {
    async fetch(request, env) {
      const { pathname } = new URL(request.url);
      if (pathname === "/throw") throw new TypeError("broken on purpose");
      console.log("asked for", pathname, { by: "a test" });
      const { SECRET, FROM_FILE, PLAIN, JSON: json } = env;
      return Response.json({
        version, page, SECRET, FROM_FILE, PLAIN, json,
        kv: await env.KV.get("greeting"),
        row: await env.DB.prepare("SELECT 42 AS a").first(),
        object: await (await env.BUCKET.get("o.txt"))?.text(),
        count: await env.COUNTER.get(env.COUNTER.idFromName("one")).next(),
      });
    },
    scheduled({ cron }) { console.warn("rang", cron); },
  };`;

export interface Deployment {
  source: string;
  annotations: Record<string, string>;
  versions: { version_id: string; percentage: number }[];
}

export class Shop {
  private constructor(
    readonly wrangler: Wrangler,
    readonly account: string,
  ) {}

  /** Makes what the Worker is bound to, and writes the project; nothing is deployed. */
  static async create(): Promise<Shop> {
    const wrangler = await Wrangler.start();
    const { test } = wrangler;
    const account_id = test.accountId;
    const account = `/accounts/${account_id}`;
    const shop = new Shop(wrangler, account);
    const kv = await test.client.kv.namespaces.create({ account_id, title: "shop" });
    const d1 = await test.client.d1.database.create({ account_id, name: "shop" });
    await test.client.r2.buckets.create({ account_id, name: "shop-bucket" });
    const value = { account_id, namespace_id: kv.id, value: "hi" };
    await test.client.kv.namespaces.values.update("greeting", value as never);
    await test.api("PUT", `${account}/r2/buckets/shop-bucket/objects/o.txt`, "stored");
    await wrangler.write("index.js", CODE);
    await wrangler.write("page.html", "<p>page</p>");
    await shop.writeVersion("one");
    await wrangler.write("wrangler.json", {
      name: "shop",
      main: "index.js",
      compatibility_date: "2026-07-01",
      kv_namespaces: [{ binding: "KV", id: kv.id }],
      d1_databases: [{ binding: "DB", database_name: "shop", database_id: d1.uuid }],
      r2_buckets: [{ binding: "BUCKET", bucket_name: "shop-bucket" }],
      durable_objects: { bindings: [{ name: "COUNTER", class_name: "Counter" }] },
      migrations: [{ tag: "v1", new_sqlite_classes: ["Counter"] }],
      vars: { PLAIN: "plain", JSON: { a: [1] } },
      triggers: { crons: ["*/5 * * * *"] },
      observability: { enabled: true, head_sampling_rate: 0.5 },
    });
    return shop;
  }

  writeVersion = (name: string): Promise<void> =>
    this.wrangler.write("version.js", `export const version = ${JSON.stringify(name)};`);

  edge = (path = "/") => atEdge(this.wrangler.test.cloud.edgeUrl, "shop.localhost", path);

  /** What the Worker says of itself. */
  answer = async (): Promise<Record<string, unknown>> =>
    JSON.parse((await this.edge()).text) as Record<string, unknown>;

  get = async <T>(path: string): Promise<T> =>
    (await this.wrangler.test.api("GET", this.account + path)).body.result as T;
}
