import * as z from "zod";
import { WandError } from "../../contract/errors";
import { TOPICS, type Delivery, type Topic } from "../stores/api";
import { ProductPayload } from "../stores/payloads";

const isTopic = (text: string): text is Topic => (TOPICS as readonly string[]).includes(text);

/** A topic for the metric's label: those we know, and one word for all others. */
export const topicLabel = (text: string): string => (isTopic(text) ? text : "other");

/** What a request says of its webhook, wherever it says it. */
export interface Envelope {
  /** What follows `/webhook/shopify/` in the address; may be left out where the header says it. */
  path: string;
  header: (name: string) => string | undefined;
}

/** The topic of the address, of the header, or of both. Throws BAD_REQUEST when they differ, NOT_FOUND for one not acted on. */
export function readTopic({ path, header }: Envelope): Topic {
  const named = header("X-Shopify-Topic") ?? path;
  if (path !== "" && named !== path) {
    const message = `The address says ${quote(path)} and X-Shopify-Topic says ${quote(named)}; send each topic to its own address.`;
    throw new WandError("BAD_REQUEST", message, { field: "X-Shopify-Topic" });
  }
  if (isTopic(named)) return named;
  const message = `Nothing is done with ${quote(named)}; topics are ${TOPICS.join(", ")}. End the subscription.`;
  throw new WandError("NOT_FOUND", message, { field: "X-Shopify-Topic" });
}

/** Shopify's name of the shop, in lower case. Throws BAD_REQUEST. */
export function readDomain({ header }: Envelope): string {
  const domain = header("X-Shopify-Shop-Domain")?.toLowerCase();
  if (domain !== undefined && /^[a-z0-9.-]{4,253}$/.test(domain)) return domain;
  throw new WandError("BAD_REQUEST", "X-Shopify-Shop-Domain has to name the shop, such as tea.myshopify.com.", {
    field: "X-Shopify-Shop-Domain",
  });
}

/** The webhook's id and its moment. @param now stands in for a moment that the header does not say. Throws BAD_REQUEST. */
export function readIdentity({ header }: Envelope, now: number): Pick<Delivery, "webhookId" | "triggeredAt"> {
  const webhookId = header("X-Shopify-Webhook-Id");
  if (webhookId === undefined || !/^[\w-]{1,100}$/.test(webhookId)) {
    const message = "X-Shopify-Webhook-Id has to name the webhook: 1 to 100 letters, digits and hyphens.";
    throw new WandError("BAD_REQUEST", message, { field: "X-Shopify-Webhook-Id" });
  }
  const triggeredAt = Date.parse(header("X-Shopify-Triggered-At") ?? "");
  return { webhookId, triggeredAt: Number.isNaN(triggeredAt) ? now : triggeredAt };
}

const PrivacyPayload = z.looseObject({ shop_domain: z.string().optional() });

/**
 * Checks that a body is one of its topic. The headers of a webhook are not signed, so a privacy topic's body has to name the
 * same shop as its header. Throws BAD_REQUEST.
 */
export function checkBody(topic: Topic, text: string, domain: string): void {
  const payload = parseJson(text);
  if (topic.startsWith("products/")) {
    const issue = ProductPayload.safeParse(payload).error?.issues[0];
    if (issue !== undefined) refuse(issue.path.map(String).join(".") || "body", "it is no product of Shopify's");
    return;
  }
  const privacy = PrivacyPayload.safeParse(payload);
  if (!privacy.success) refuse("body", "it is no JSON object");
  else if (privacy.data.shop_domain?.toLowerCase() !== domain) refuse("shop_domain", "it is not the header's shop");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new WandError("BAD_REQUEST", "The body is no JSON.", { cause, field: "body" });
  }
}

function refuse(field: string, why: string): never {
  throw new WandError("BAD_REQUEST", `${field}: ${why}.`, { field });
}

const quote = (text: string): string => JSON.stringify(text.slice(0, 60));
