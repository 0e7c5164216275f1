/** Files that whoever has their address may fetch, or bring, for an hour: what Cloudflare keeps in R2 under signed addresses. */
import { randomBytes } from "node:crypto";
import { Hono } from "hono";

const LIFETIME_MS = 60 * 60 * 1000;
const TOKEN_BYTES = 32;
/** Files in memory at once; the oldest makes room. */
const MAX_FILES = 20;
const PATH = "/signed";

interface SignedFile {
  name: string;
  until: number;
  /** Undefined for one that is still to be brought. */
  text: string | undefined;
}

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

  routes(): Hono {
    const app = new Hono();
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
