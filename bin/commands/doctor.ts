import { inspectStacks, stackAccount } from "../../local/deploy";
import { say } from "../display";
import { doctorLines } from "../display/doctor";
import { examine, probesFor } from "../doctor/examine";
import type { Use } from "../doctor/use";
import { Ended, EXIT, Failure } from "../failure";
import { PROJECT_DIR } from "../options";

export interface DoctorOptions {
  stack?: string;
  online: boolean;
  json: boolean;
  stateDir: string;
}

/** `wandstore doctor`: what is there and what is missing. Ends with 1 where the named use needs something that is missing. */
export async function doctor({ stack, online, json, stateDir }: DoctorOptions): Promise<void> {
  const { env } = process;
  const stacks = inspectStacks(PROJECT_DIR, env);
  const needs = stack === undefined ? undefined : stacks.get(stack);
  if (stack !== undefined && needs === undefined) {
    throw new Failure("USAGE", `there is no stack "${stack}"; there are ${[...stacks.keys()].join(", ")}`);
  }
  const isReal = needs !== undefined && !needs.embedded;
  if (online && !isReal) throw new Failure("USAGE", "--online asks a real account: name a stack of one with --stack");
  const use: Use = stack === undefined || needs === undefined ? {} : { name: stack, stack: needs };
  const canAsk = online && needs?.hasToken === true && needs.accountId !== undefined;
  const opened = canAsk ? () => stackAccount({ projectDir: PROJECT_DIR, stack: stack!, env }) : undefined;
  const world = { env, root: PROJECT_DIR, stateDir, nodeVersion: process.version };
  const findings = await examine(probesFor(world, { use, stacks, opened }));
  const ready = findings.every(({ status }) => status !== "bad");
  if (json) say(JSON.stringify({ operation: "doctor", stack: stack ?? null, ready, findings }, null, 2));
  else for (const line of doctorLines(findings, stack)) say(line);
  if (!ready) throw new Ended(EXIT.FAILED);
}
