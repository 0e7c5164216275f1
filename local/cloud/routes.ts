import { Hono } from "hono";

/** The routes of one file. */
export class Routes extends Hono {
  /** @param reach how far they go, for the table in README.md: what is not as on Cloudflare, or `whole` */
  constructor(readonly reach: string) {
    super();
  }
}
