import { WandError } from "../../contract/errors";
import { within } from "../deadline";
import type { AppContext } from "../http/context";
import { count } from "../metrics/count";
import type { Delivery, Effect, Topic } from "../stores/api";
import { storeOfDomain } from "../stores/domains";
import { checkSlug, loadStore } from "../stores/record";
import { storeSyncOf } from "../stores/stub";
import { checkBody, readDomain, readIdentity, readTopic, topicLabel, type Envelope } from "../webhooks/delivery";
import { secretsOf } from "../hmac";
import { fromBase64, isSigned } from "../webhooks/signature";

/** A product of 2,048 variants with its pictures is about 2 MB. */
export const SHOPIFY_BODY_BYTES = 4 * 1024 * 1024;
/** Shopify waits five seconds for an answer; half a second is for the way. */
const DEADLINE_MS = 4_500;

/** `unknown_store`: no store is this shop's. `test`: sent by hand, from the shop's settings. */
type Answer = Effect | "unknown_store" | "test";

/**
 * `POST /webhook/shopify/{topic}`: takes what a shop tells of itself. 200 `{effect}` once that is stored, 401 for what
 * Shopify did not sign, 503 when it could not be stored, so that it comes again.
 */
export async function shopifyWebhook(c: AppContext): Promise<Response> {
  const path = c.req.path.replace(/^\/webhook\/shopify\/?/, "");
  const envelope: Envelope = { path, header: (name) => c.req.header(name) };
  const counted = (outcome: string): void => {
    const topic = topicLabel(path === "" ? (envelope.header("X-Shopify-Topic") ?? "") : path);
    count(c.env, (work) => c.executionCtx.waitUntil(work), "webhooks_total", { topic, outcome });
  };
  try {
    const effect = await take(c, envelope);
    counted(effect);
    return c.json({ effect });
  } catch (error) {
    counted(error instanceof WandError ? error.code.toLowerCase() : "internal");
    throw error;
  }
}

async function take(c: AppContext, envelope: Envelope): Promise<Answer> {
  const bytes = await c.req.arrayBuffer();
  const secrets = secretsOf(c.env.SHOPIFY_WEBHOOK_SECRETS);
  if (secrets.length === 0) c.var.log.warn("no_webhook_secret", { setting: "SHOPIFY_WEBHOOK_SECRETS" });
  if (!(await isSigned(secrets, bytes, fromBase64(envelope.header("X-Shopify-Hmac-Sha256"))))) {
    throw new WandError("BAD_SIGNATURE", "X-Shopify-Hmac-Sha256 is not this body's by any secret that is set here.");
  }
  const now = Date.now();
  const topic = readTopic(envelope);
  const domain = readDomain(envelope);
  const identity = readIdentity(envelope, now);
  const body = new TextDecoder().decode(bytes);
  checkBody(topic, body, domain);
  if (envelope.header("X-Shopify-Test") === "true") return "test";

  const taken = within(DEADLINE_MS, store(c, topic, { domain, ...identity, body }), "late" as const);
  const effect = await taken.catch((cause: unknown) => {
    throw cause instanceof WandError && !cause.retryable ? cause : notTaken(cause);
  });
  if (effect === "late") throw notTaken("no answer in time");
  c.var.log.info("webhook_taken", { topic, effect, webhook_id: identity.webhookId });
  return effect;
}

const notTaken = (cause: unknown): WandError =>
  new WandError("NOT_TAKEN", "The webhook could not be stored; send it again.", { cause });

async function store(
  c: AppContext,
  topic: Topic,
  { domain, ...rest }: Omit<Delivery, "store" | "topic"> & { domain: string },
): Promise<Answer> {
  const slug = await storeFor(c, topic, domain);
  if (slug !== undefined) return storeSyncOf(c.env, slug).receive({ store: slug, topic, ...rest });
  // Not an error: Shopify ends a subscription that fails, and then a store that is deployed later would hear nothing.
  c.var.log.warn("webhook_of_unknown_shop", { topic, domain });
  return "unknown_store";
}

/** The store that `?store=` names, if it is this shop's, else the one that the shop's domain leads to. */
async function storeFor(c: AppContext, topic: Topic, domain: string): Promise<string | undefined> {
  const named = c.req.query("store");
  if (named === undefined) return storeOfDomain(c.env, domain);
  const slug = checkSlug(named);
  try {
    const { shopify_domain: theirs } = await loadStore(c.env, slug);
    return theirs === undefined || theirs === domain ? slug : undefined;
  } catch (error) {
    if (!(error instanceof WandError && error.code === "UNKNOWN_STORE")) throw error;
    // A shop leaves two days after its store may have gone; what was kept of its shoppers is still to be erased.
    return topic.startsWith("products/") ? undefined : slug;
  }
}
