import { parse } from "parse5";

/** What a shopper's browser is answered, without a browser. */
export interface Visit {
  status: number;
  source: string | null;
  persona: string | null;
  html: string;
  headers: Headers;
}

interface Node {
  nodeName: string;
  value?: string;
  attrs?: { name: string; value: string }[];
  childNodes?: Node[];
}

/** Longest that one answer of the edge may take. */
const ANSWER_LIMIT_MS = 30_000;

/** One shopper of one store at one edge. */
export class ShopperClient {
  constructor(
    readonly edgeUrl: string,
    readonly store: string,
    readonly id: string,
  ) {}

  async visit(): Promise<Visit> {
    const response = await fetch(`${this.edgeUrl}/s/${this.store}?shopper=${this.id}`, {
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    return {
      status: response.status,
      source: response.headers.get("x-wand-source"),
      persona: response.headers.get("x-wand-persona"),
      html: await response.text(),
      headers: response.headers,
    };
  }

  async status(): Promise<{ state: string; persona_hash: string | null }> {
    const response = await fetch(`${this.edgeUrl}/api/generation/status?store=${this.store}&shopper=${this.id}`, {
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    return (await response.json()) as { state: string; persona_hash: string | null };
  }

  async track(events: object[]): Promise<number> {
    const response = await fetch(`${this.edgeUrl}/api/shopper/track`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ store: this.store, shopper: this.id, events }),
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    await response.arrayBuffer();
    return response.status;
  }

  /** Asks until the page is ready; throws when it is not within the limit. */
  async untilReady(limitMs: number): Promise<void> {
    const end = Date.now() + limitMs;
    let last = "";
    while (Date.now() < end) {
      last = (await this.status()).state;
      if (last === "ready") return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`the page of ${this.id} is "${last}" after ${limitMs} ms`);
  }
}

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const child of node.childNodes ?? []) walk(child, visit);
}

/** Text and links of a document, read by a parser that is not the renderer's. */
export function readDocument(html: string): { text: string; links: string[]; sections: string[] } {
  const links: string[] = [];
  const sections: string[] = [];
  let text = "";
  walk(parse(html) as unknown as Node, (node) => {
    if (node.nodeName === "#text") text += `${node.value ?? ""} `;
    const attribute = (name: string) => node.attrs?.find((a) => a.name === name)?.value;
    if (node.nodeName === "a") links.push(attribute("href") ?? "");
    if (node.nodeName === "section") sections.push(attribute("id") ?? attribute("class") ?? "");
  });
  return { text: text.replace(/\s+/g, " "), links, sections };
}
