import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { PersonaType } from "../../../../runtime/contract/persona";
import type { StoreRecord } from "../../../../runtime/contract/store";
import { render, templateLayout, type PageInput } from "../../../../runtime/page";
import { pagePolicy } from "../../../../runtime/worker/http/securityHeaders";
import { persona } from "../fixtures";
import { ODD_SHOPS, SHOPS } from "./shops";

/** A picture of 8 by 12 pixels: none of the page's boxes has its shape. */
const PICTURE = Buffer.from(
  `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="12"><rect width="8" height="12" fill="#888"/></svg>`,
);

/** Serves `/{shop}/{persona}` as the Worker does: the pure renderer's page under the Worker's own policy. */
export class PageServer {
  readonly #server: Server;
  readonly #held: ServerResponse[] = [];
  /** While true, pictures are not answered until `release`. */
  holdPictures = false;
  /** Which pictures were asked for. */
  readonly pictures: string[] = [];

  constructor() {
    this.#server = createServer((request, response) => this.#answer(request.url ?? "", response));
  }

  async start(): Promise<this> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return this;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.release();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  /** Answers the pictures that are waited for, and all that follow. */
  release(): void {
    this.holdPictures = false;
    for (const response of this.#held.splice(0)) sendPicture(response);
  }

  #answer(url: string, response: ServerResponse): void {
    const [, slug = "", type = ""] = new URL(url, this.origin).pathname.split("/");
    const record = SHOPS[slug] ?? ODD_SHOPS[slug];
    if (slug === "picture") {
      this.pictures.push(url);
      if (this.holdPictures) this.#held.push(response);
      else sendPicture(response);
    } else if (record === undefined) {
      response.writeHead(slug === "favicon.ico" ? 204 : 404).end();
    } else {
      const { html, policy } = pageOf(record, type as PersonaType, this.origin);
      response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy });
      response.end(html);
    }
  }
}

function sendPicture(response: ServerResponse): void {
  response.writeHead(200, { "Content-Type": "image/svg+xml" }).end(PICTURE);
}

/** A shop's page with its pictures at `origin`, and the policy it is sent with. */
function pageOf(record: StoreRecord, type: PersonaType, origin: string): { html: string; policy: string } {
  const products = record.catalogue.products.map((one) => ({
    ...one,
    image_url: one.image_url === null ? null : `${origin}/picture/${one.id}`,
  }));
  const categories = [...new Set(products.map(({ category }) => category))];
  const who = persona(type, categories.slice(0, 2));
  const layout = templateLayout({ persona: who, products, brand: record.brand, shopName: record.name });
  const page: PageInput["page"] = {
    canonicalUrl: `${origin}/s/${record.slug}`,
    preparing: type === "unknown",
    source: "model",
  };
  const { html, cspHash } = render({ layout, shop: record, products, page });
  const store = { ...record, imageOrigins: [origin] };
  return { html, policy: pagePolicy(store as unknown as Parameters<typeof pagePolicy>[0], cspHash) };
}
