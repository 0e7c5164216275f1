import type { Settings } from "../../infra/config";
import type { Member } from "../../infra/cost";
import { settingsIn } from "../ci/report/settings";
import { Failure, report, type Reported } from "../failure";
import { PROJECT_DIR, type CommonOptions } from "../options";
import { measure } from "./measure";
import { priceWarnings } from "./prices";
import { givenTraffic, type TrafficOptions, type TrafficSource } from "./traffic";
import { windowWarnings, type Measured } from "./window";

/** A stack with what it serves. */
export interface Worked extends Member {
  readonly stack: string;
  readonly settings: Settings;
  readonly measured?: Measured;
}

export interface Work {
  readonly members: readonly Worked[];
  readonly source: TrafficSource;
  readonly warnings: readonly string[];
  /** Stacks that were left out, and why. */
  readonly failed: readonly (Reported & { readonly stack: string })[];
}

type Found = { readonly stack: string } & ({ readonly member: Worked } | { readonly error: Error });

/**
 * Settings and traffic of each stack. Of several those whose file cannot be read, or that cannot be measured, are left out with a
 * warning; where none is left, or only one was asked for, that is an error.
 * @param now milliseconds since 1970, for the age of prices
 * @throws Failure BAD_TRAFFIC, USAGE, NOT_MEASURED; ConfigError, DeployError
 */
export async function workOut(
  stacks: readonly string[],
  options: TrafficOptions & CommonOptions & { apiPort?: number },
  now: number,
): Promise<Work> {
  const given = givenTraffic(options);
  const read = stacks.map((stack) => readSettings(stack));
  const readable = read.flatMap((one) => ("settings" in one ? [one] : []));
  const found: Found[] = [
    ...read.flatMap((one) => ("error" in one ? [one] : [])),
    ...(given === undefined
      ? (await measure(readable, options)).map(memberOf)
      : readable.map((one) => ({ ...one, member: { ...one, name: one.stack, traffic: given.traffic } }))),
  ];
  const errors = found.flatMap((one) => ("error" in one ? [one] : []));
  const members = stacks.flatMap((stack) =>
    found.flatMap((one) => ("member" in one && one.stack === stack ? [one.member] : [])),
  );
  if (stacks.length === 1 && errors[0] !== undefined) throw errors[0].error;
  const failed = errors.map(({ stack, error }) => ({ stack, ...report(error) }));
  const why = failed.map(({ stack, message }) => `${stack}: ${message}`);
  if (members.length === 0) {
    throw new Failure("NOT_MEASURED", `of no stack it can be said what it costs:\n${why.join("\n")}`, why);
  }
  const warnings = [
    ...priceWarnings(now),
    ...why.map((text) => `left out: ${text}`),
    ...members.flatMap(({ stack, measured }) => (measured === undefined ? [] : windowWarnings(stack, measured))),
  ];
  return { members, source: given?.source ?? "measured", warnings, failed };
}

function readSettings(stack: string): { stack: string; settings: Settings } | { stack: string; error: Error } {
  try {
    return { stack, settings: settingsIn(PROJECT_DIR, stack) };
  } catch (error) {
    return { stack, error: error as Error };
  }
}

function memberOf(one: { stack: string; settings: Settings; measured: Measured | Error }): Found {
  const { stack, settings, measured } = one;
  if (measured instanceof Error) return { stack, error: measured };
  const { traffic, modelUsdPerDay } = measured;
  return { stack, member: { name: stack, stack, settings, traffic, modelUsdPerDay, measured } };
}
