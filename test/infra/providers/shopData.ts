import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createProvider, type WandStoreProvider } from "../../../infra/providers/provider";
import { startTestCloud } from "../../local/cloud/support";
import { type HttpDouble, startDouble } from "../httpDouble";

export const NOW = Date.UTC(2026, 10, 21, 14, 3, 9, 250);
export const STAMP = "20261121T140309Z";
/** Bytes that are no text. */
export const BINARY = Buffer.from([0xff, 0x00, 0xfe, 0x80]);
export const SQL = "CREATE TABLE shoppers (id TEXT);\nINSERT INTO shoppers VALUES('ä');\n";
export const ENTRIES = [
  { key: "binary", value: BINARY.toString("base64"), base64: true },
  { key: "page:1", value: "<p>Zauberstäbe</p>", expiration: Math.floor(NOW / 1000) + 1e8, metadata: { age: 1 } },
  { key: "replaced", value: "a legal \u{FFFD}" },
  { key: "ünïcode/slash", value: "" },
];

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}
/** An answer of its own in place of the cloud's. */
export type Intercept = (request: Asked) => Response | undefined | Promise<Response | undefined>;
export type Inputs = Awaited<ReturnType<typeof startShop>>["inputs"];

/** A stack's storage in an embedded cloud, and our provider, whose requests can be listened to. */
export async function startShop() {
  const { cloud, stop } = await startTestCloud();
  const download: HttpDouble = await startDouble(() => ({ status: 200, raw: SQL }));
  const account = `/accounts/${cloud.accountId}`;
  const root = mkdtempSync(join(tmpdir(), "data-export-"));
  const folder = join(root, "exports/prod");

  async function api<T>(method: string, path: string, body?: string | Uint8Array<ArrayBuffer>): Promise<T> {
    const answer = await fetch(`${cloud.apiUrl}${account}${path}`, {
      method,
      headers: { authorization: `Bearer ${cloud.apiToken}`, "content-type": "text/html" },
      ...(body === undefined ? {} : { body }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return ((await answer.json()) as { result: T }).result;
  }
  const namespace = async (title: string): Promise<string> =>
    (await api<{ id: string }>("POST", "/storage/kv/namespaces", JSON.stringify({ title }))).id;

  await api("POST", "/r2/buckets", JSON.stringify({ name: "generated-ui" }));
  const inputs = {
    accountId: cloud.accountId,
    kvNamespaces: { UI_CACHE: await namespace("ui-cache"), STORES: await namespace("stores") },
    databaseId: (await api<{ uuid: string }>("POST", "/d1/database", JSON.stringify({ name: "db" }))).uuid,
    bucketName: "generated-ui",
    folder: "exports/prod",
    enabled: true,
  };
  const put = (key: string, content: string | Uint8Array<ArrayBuffer>): Promise<unknown> =>
    api("PUT", `/r2/buckets/generated-ui/objects/${key.split("/").map(encodeURIComponent).join("/")}`, content);
  await api("PUT", `/storage/kv/namespaces/${inputs.kvNamespaces.UI_CACHE}/bulk`, JSON.stringify(ENTRIES));

  const shop = {
    inputs,
    root,
    api,
    put,
    /** Requests of the provider, in order, without their queries. */
    asked: [] as string[],
    intercept: (() => undefined) as Intercept,
    provider: {} as WandStoreProvider,
    /** Puts the objects back that an export has removed, and forgets what was exported and asked. */
    async reset(): Promise<void> {
      shop.asked = [];
      shop.intercept = () => undefined;
      await rm(join(root, "exports"), { recursive: true, force: true });
      await put("generated/a.html", "<p>a</p>");
      await put("generated/A.html", "<p>other</p>");
      await put("generated/é b/?.bin", new Uint8Array(BINARY));
    },
    objects: async (): Promise<{ key: string; etag: string }[]> =>
      api("GET", "/r2/buckets/generated-ui/objects?per_page=1000"),
    /** D1's export as Cloudflare describes it: two answers that it is under way, then the address of the SQL. */
    exportingD1(last: object = {}, bodies: unknown[] = []): Intercept {
      const signed_url = `${download.baseUrl}/x.sql?signature=planted`;
      const answers = [
        { status: "active", at_bookmark: "b-1" },
        { status: "active", at_bookmark: "b-1" },
        { status: "complete", at_bookmark: "b-1", result: { filename: "x.sql", signed_url }, ...last },
      ];
      return ({ path, body }) => {
        if (!path.endsWith("/export")) return undefined;
        bodies.push(JSON.parse(body));
        return Response.json({ success: true, errors: [], messages: [], result: answers.shift() });
      };
    },
    folders: (): string[] => (existsSync(folder) ? readdirSync(folder).toSorted() : []),
    read: (file: string): string => readFileSync(join(folder, STAMP, file), "utf8"),
    lines: (file: string): Record<string, unknown>[] =>
      shop
        .read(file)
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    async stop(): Promise<void> {
      await rm(root, { recursive: true, force: true });
      await download.close();
      await stop();
    },
  };
  shop.provider = createProvider({
    baseUrl: cloud.apiUrl,
    apiToken: cloud.apiToken,
    root,
    now: () => NOW,
    sleep: async () => {},
    async fetch(url, init) {
      const path = String(url).slice(cloud.apiUrl.length + account.length);
      const request = { method: init?.method ?? "GET", path, body: String(init?.body ?? "") };
      shop.asked.push(`${request.method} ${path.replace(/\?.*/, "")}`);
      // Small pages, so that a few keys make many of them: ten is the least that KV takes.
      const small = String(url).replace("limit=1000", "limit=10").replace("per_page=1000", "per_page=2");
      return (await shop.intercept(request)) ?? fetch(small, init);
    },
  });
  return shop;
}

/** What a call fails with. */
export const failure = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "no failure",
    (error: unknown) => String(error),
  );
