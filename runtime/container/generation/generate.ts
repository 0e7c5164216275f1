import { toErrorBody, WandError, type FaultCode } from "../../contract/errors";
import type { GenerateRequest, GenerateResponse } from "../../contract/generate";
import { personaHash } from "../../lib/persona/hash";
import type { Deadline } from "../deadline";
import type { Asked, Attempt, Models } from "../llm/models";
import type { Logger } from "../log";
import { fallbackLayout } from "./fallback";
import type { LayoutLimits } from "./layout";
import type { Material } from "./material";
import { draw, MODES, type Made } from "./modes";
import { toProduct, toShopFace } from "./product";

/** Makes one page. */
export type Generate = (request: GenerateRequest, deadline: Deadline, requestId: string) => Promise<GenerateResponse>;

/**
 * A page by the first model that gives a usable one in time; else of what is whole of a model's answer (`partial`); else by
 * the template: a model's fault never fails the caller.
 * Facts (titles, prices, links, pictures) come from the request's products alone, whoever made the page.
 *
 * @throws {CallerGone} when the caller hangs up meanwhile.
 */
export function createGenerate(deps: { models: Models; log: Logger }): Generate {
  return async (request, deadline, requestId) => {
    const start = performance.now();
    const { persona, options } = request;
    const shop = toShopFace(request.shop);
    const products = request.shop.products.map((product) => toProduct(product, request.shop.shop_url));
    const limits: LayoutLimits = {
      persona: persona.type,
      productIds: new Set(products.map((product) => product.id)),
      components: options?.components,
    };
    const material: Material = { request, shop, products, limits };
    const mode = MODES[options?.format ?? "layout"];
    const templateOnly = options?.template_only === true;
    const asked = templateOnly ? { answer: undefined, attempts: [] } : await mode.ask(deps.models, material, deadline);
    const source = asked.answer === undefined ? "template" : "model";
    const made: Made = asked.answer?.value ?? draw(fallbackLayout(material), material, source);
    const meta: GenerateResponse["meta"] = {
      generation_time_ms: Math.round(performance.now() - start),
      model: asked.answer?.model ?? "template",
      source,
      tokens_used: tokensOf(asked.attempts),
      usd: usdOf(asked.attempts),
      attempts: asked.attempts.map(({ model, outcome, ms }) => ({ model, outcome, ms })),
      generated_at: new Date().toISOString(),
      prompt_version: mode.promptVersion,
    };
    deps.log.info(
      {
        event: "generation",
        request_id: requestId,
        store: shop.slug,
        persona: persona.type,
        format: made.format,
        outcome: templateOnly ? "template_only" : outcomeOf(asked, deps.models),
        model: meta.model,
        prompt_version: mode.promptVersion,
        tokens: meta.tokens_used,
        usd: meta.usd,
        ms: meta.generation_time_ms,
        attempts: asked.attempts,
      },
      "generation",
    );
    return {
      status: made.missing === undefined ? "success" : "partial",
      ui: {
        html: made.page.html,
        css: made.page.css,
        csp_hash: made.page.cspHash,
        components: made.components,
        persona_hash:
          persona.hash ??
          personaHash({
            persona,
            catalogueVersion: request.shop.catalogue_version ?? "",
            promptVersion: mode.promptVersion,
          }),
        format: made.format,
      },
      meta,
      ...(made.missing !== undefined && { error: toErrorBody(new WandError(MISSING, made.missing)).body.error }),
    };
  };
}

/** The code of a page that lacks a section. */
const MISSING = "COMPONENT_TIMEOUT" satisfies FaultCode;

/** `ok`, `COMPONENT_TIMEOUT` for a page with sections missing, or why no model made the page. */
function outcomeOf(asked: Asked<Made>, models: Models): string {
  if (asked.answer !== undefined) return asked.answer.value.missing === undefined ? "ok" : MISSING;
  if (models.state() === "not_configured") return "no_model";
  return asked.attempts.at(-1)?.outcome ?? "no_time";
}

/** What all attempts used together: what an unusable answer took is spent as well. */
function tokensOf(attempts: readonly Attempt[]): GenerateResponse["meta"]["tokens_used"] {
  const prompt = attempts.reduce((sum, { tokens }) => sum + tokens.prompt, 0);
  const completion = attempts.reduce((sum, { tokens }) => sum + tokens.completion, 0);
  return { prompt, completion, total: prompt + completion };
}

/** Dollars of all attempts; null when a model among them has no known price. */
function usdOf(attempts: readonly Attempt[]): number | null {
  const prices = attempts.map(({ usd }) => usd);
  return prices.some((usd) => usd === null) ? null : prices.reduce<number>((sum, usd) => sum + (usd ?? 0), 0);
}
