import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Settings } from "../../../infra/config";
import { imageIn } from "../../../infra/fleet/outputs";
import { policySettings } from "../../../local/deploy";
import { Failure } from "../../failure";
import { PROJECT_DIR } from "../../options";
import { settingsInWords } from "../../policy/settings";
import { summary, verdict } from "../comment/sections";
import { previewEngine, type Where } from "../engines/choose";
import { makeReport } from "../report/make";
import { isRefused } from "../report/report";
import { settingsAt, settingsIn } from "../report/settings";

const PINNED = "With the image that runs now: a change of the generator is built and verified by staging first.";

export interface PreviewOptions extends Where {
  stack: string;
  base: string;
  out: string;
}

/**
 * `npm run ci:preview`: what a change does to one stack, as `{out}/{stack}.json`.
 * @throws Failure PREVIEW_REFUSED after the report is written, where the preview failed or a policy refuses it
 */
export async function preview(options: PreviewOptions): Promise<void> {
  const { stack, base, out } = options;
  const settings = readSettings(stack);
  const engine = previewEngine(options, stack);
  const outputs = engine.source === "pulumi" ? await engine.outputs(stack) : undefined;
  const pin = settings !== undefined && isPromoted(settings) ? imageIn(outputs) : undefined;
  const report = makeReport(
    stack,
    engine.source,
    await engine.preview(stack, pin),
    settings,
    await settingsAt(base, stack),
  );
  if (pin !== undefined) report.notes.push(PINNED);
  report.notes.push(...policyNotes());
  mkdirSync(out, { recursive: true });
  const file = path.join(out, `${stack}.json`);
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(`${stack}: ${summary(report)}; policies ${verdict(report)}; ${file}\n`);
  if (!isRefused(report)) return;
  const found = report.findings.map(({ rule, resource, message }) => `- ${rule} at ${resource}: ${message}`);
  throw new Failure(
    "PREVIEW_REFUSED",
    [`stack "${stack}" may not be deployed like this:`, ...report.errors, ...found].join("\n"),
  );
}

/** What the policies do not say of themselves: what passed because a rule was told to let it pass. */
function policyNotes(): string[] {
  try {
    const set = settingsInWords(policySettings(PROJECT_DIR));
    return set.length === 0 ? [] : [`Set in policies/config.json: ${set.join("; ")}.`];
  } catch {
    return []; // told by the preview itself
  }
}

/** A stack file that is wrong is told by the preview itself. */
function readSettings(stack: string): Settings | undefined {
  try {
    return settingsIn(PROJECT_DIR, stack);
  } catch {
    return undefined;
  }
}

/** Staging builds the image; the others get the one that it verified. */
const isPromoted = ({ environment, image }: Settings): boolean =>
  (environment === "prod" || environment === "shop") && image === undefined;
