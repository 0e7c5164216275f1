import type { Engine } from "./engine";
import { embeddedEngine } from "./embedded";
import { pulumiEngine } from "./pulumi";

export interface Where {
  readonly local: boolean;
  readonly stateDir: string;
}

/** A pull request of a fork gets no secrets: without a token there is no account to ask. */
const hasAccount = (): boolean => (process.env["CLOUDFLARE_API_TOKEN"] ?? "") !== "";

/** Who previews a stack: the Pulumi CLI where there is an account, else the embedded deployment. */
export const previewEngine = ({ local, stateDir }: Where, stack: string): Engine =>
  local || !hasAccount() ? embeddedEngine(stateDir, stack) : pulumiEngine;

/** Who deploys a stack; without an account the Pulumi CLI says what it lacks. */
export const deployEngine = ({ local, stateDir }: Where, stack: string): Engine =>
  local ? embeddedEngine(stateDir, stack) : pulumiEngine;
