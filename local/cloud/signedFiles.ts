/** Files that whoever has their address may fetch, or bring, for an hour: what Cloudflare keeps in R2 under signed addresses. */
import { createHash, randomBytes } from "node:crypto";
import { bodyLimit } from "hono/body-limit";
import { Routes } from "./routes";

const LIFETIME_MS = 60 * 60 * 1000;
const TOKEN_BYTES = 32;
/** Files in memory at once; the oldest makes room. */
const MAX_FILES = 20;
const MAX_BYTES = 100 * 1024 * 1024;
const PATH = "/signed";

interface SignedFile {
  name: string;
  until: number;
  /** Undefined for one that is still to be brought. */
  text: string | undefined;
}

/** What R2 answers as the ETag of a file. */
export const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

export class SignedFiles {
  readonly #now: () => Date;
  readonly #address: () => string;
  readonly #files = new Map<string, SignedFile>();

  /** @param address host and port under which `routes` are served */
  constructor(now: () => Date, address: () => string) {
    this.#now = now;
    this.#address = address;
  }

  /** Offers a file, or (without a text) a place for one. The answer is its address. */
  add(name: string, text?: string): string {
    for (const [token, { until }] of this.#files) if (until <= this.#now().getTime()) this.#files.delete(token);
    const [oldest] = this.#files.keys();
    if (this.#files.size >= MAX_FILES && oldest !== undefined) this.#files.delete(oldest);
    const token = randomBytes(TOKEN_BYTES).toString("base64url");
    this.#files.set(token, { name, text, until: this.#now().getTime() + LIFETIME_MS });
    return `http://${this.#address()}${PATH}/${token}/${encodeURIComponent(name)}`;
  }

  /** What was brought under a name that `add` was given; undefined where nothing was. */
  brought(name: string): string | undefined {
    const [token] = [...this.#files].find(([, file]) => file.name === name) ?? [];
    return token === undefined ? undefined : this.#find(token)?.text;
  }

  routes(): Routes {
    const app = new Routes(
      "not under `/client/v4`: the files of exports and imports; no token, since the address is the leave",
    );
    app.use(`${PATH}/*`, bodyLimit({ maxSize: MAX_BYTES }));
    app.put(`${PATH}/:token/:name`, async (c) => {
      const file = this.#find(c.req.param("token"));
      if (!file || file.text !== undefined) return c.text("The address is unknown, used or has expired\n", 403);
      file.text = await c.req.text();
      c.header("ETag", `"${md5(file.text)}"`);
      return c.body(null);
    });
    app.get(`${PATH}/:token/:name`, (c) => {
      const file = this.#find(c.req.param("token"));
      if (file?.text === undefined) return c.text("The address is unknown or has expired\n", 403);
      c.header("Content-Type", "application/sql");
      c.header("Content-Disposition", `attachment; filename="${encodeURIComponent(file.name)}"`);
      return c.body(file.text);
    });
    return app;
  }

  #find(token: string): SignedFile | undefined {
    const file = this.#files.get(token);
    return file && file.until > this.#now().getTime() ? file : undefined;
  }
}
