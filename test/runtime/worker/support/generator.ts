import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import {
  GenerateRequestSchema,
  type GenerateRequest,
  type GenerateResponse,
} from "../../../../runtime/contract/generate";
import { ProductSchema } from "../../../../runtime/contract/product";
import { render, templateLayout } from "../../../../runtime/page";
import { close, listen } from "../../../support/loopback";

export interface Asked {
  request: GenerateRequest;
  headers: IncomingHttpHeaders;
}

/** What the double does with one request, after it was checked; the default answers a template's page. */
export type Behaviour = (asked: Asked, response: ServerResponse) => void | Promise<void>;

/** A generator on loopback that speaks the contract, stands in for the container, and remembers what it was asked. */
export class GeneratorDouble {
  readonly asked: Asked[] = [];
  /** For one store's requests, by slug. */
  readonly behaviours = new Map<string, Behaviour>();
  /** How it answers `/health`; the default is a healthy generator's. */
  health: (response: ServerResponse) => void = healthy;
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      if (request.url === "/health") return void this.health(response);
      const body = GenerateRequestSchema.safeParse(JSON.parse(Buffer.concat(chunks).toString()));
      if (!body.success) return void answer(response, 400, errorOf("BAD_REQUEST", body.error.message));
      const asked = { request: body.data, headers: request.headers };
      this.asked.push(asked);
      const behaviour =
        this.behaviours.get(body.data.shop.shop_id) ?? ((one, to) => answer(to, 200, pageFor(one.request)));
      await behaviour(asked, response);
    });
  }

  listen(): Promise<string> {
    return listen(this.#server);
  }

  close(): Promise<void> {
    return close(this.#server);
  }

  /** The requests of one shop. */
  askedBy(slug: string): Asked[] {
    return this.asked.filter(({ request }) => request.shop.shop_id === slug);
  }

  /** The requests for one shopper. */
  askedFor(shopper: string): Asked[] {
    return this.asked.filter(({ request }) => request.shopper_id === shopper);
  }
}

/** The health of a generator of a build. */
export const HEALTH = { status: "healthy", version: "1.0.0", build_id: "build-of-the-double", uptime_seconds: 1 };
export const healthy = (response: ServerResponse): void => answer(response, 200, HEALTH);

export function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

export const errorOf = (code: string, message: string) => ({
  status: "error",
  ui: null,
  meta: { generated_at: new Date().toISOString() },
  error: { code, message, retryable: true },
});

/** The page that the template makes for a request, as the real generator without a model answers it. */
export function pageFor(request: GenerateRequest, source: "model" | "template" = "template"): GenerateResponse {
  const products = request.shop.products.map((one) => ProductSchema.parse(one));
  const {
    shop_id: slug,
    name = slug,
    locale = "en",
    shop_url = "https://shop.example",
    brand_guidelines: brand,
  } = request.shop;
  const layout = templateLayout({ persona: request.persona, products, brand, shopName: name });
  const page = render({
    layout,
    products,
    shop: { slug, name, locale, currency: products[0]?.currency ?? "EUR", shop_url, brand },
    page: { canonicalUrl: request.page?.canonical_url, scriptUrl: request.page?.script_url, source },
  });
  return {
    status: "success",
    ui: {
      html: page.html,
      csp_hash: page.cspHash,
      components: layout.sections,
      persona_hash: request.persona.hash ?? "v1_unknown_0_00000000",
      format: "layout",
    },
    meta: {
      generation_time_ms: 1,
      model: source === "model" ? "test-model" : "template",
      source,
      tokens_used: { prompt: 0, completion: 0, total: 0 },
      generated_at: new Date().toISOString(),
      prompt_version: "test",
    },
  };
}
