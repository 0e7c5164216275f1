/** The embedded deployment: runs the Pulumi program of a project in this process, against the embedded cloud. */
import { statSync } from "node:fs";
import path from "node:path";
import type { Policies } from "@pulumi/policy";
import { toPolicy } from "../../policies/policy";
import { rulesAt } from "../../policies/rules";
import type { CloudConnection } from "../cloud";
import { stackFiles } from "./drift/strays";
import { embeddedDrift, realDrift as realStackDrift, type DriftReport } from "./drift";
import { run, readOutputs as readStateOutputs, type Deployment, type DeployResult } from "./deploy";
import { DeployError } from "./errors";
import type { OnEvent, PolicyResult } from "./events";
import { createHandlers } from "./handlers";
import { findingsOf, layered, readPolicyConfig, type PolicyConfig } from "./policy";
import { projectProgram } from "./program/load";
import { embeddedAccount, realAccount, type StackAccount } from "./release/account";
import { setConfig as setStackConfig, type ConfigSetOptions } from "./stack/configSet";
import { inspectStack, type StackNeeds } from "./stack/inspect";
import { atOwnHost, unverified, workerOf } from "./stack/merchant";
import { readProject, readStackConfig, type StackConfig } from "./stack/project";
import { isEmbedded, withSurroundings } from "./stack/settings";
import type { Value } from "./engine/values";
import { STACK_NAME, stateFiles } from "./state/stateFile";

export type { DeployResult } from "./deploy";
export type { PolicyConfig } from "./policy";
export { isDrifted, type DriftReport, type PropertyDrift, type ResourceDrift, type Stray } from "./drift";
export { readHistory, type History, type ReleaseRecord } from "./release/history";
export { pinOf, planRollback, type RollbackPin, type RollbackPlan } from "./release/rollback";
export type { StackAccount } from "./release/account";
export { isOfShop, KINDS, openStored, type Entry, type Filter, type Kind, type Stored } from "./stored";
export { StackFile } from "./stack/file";
export type { StackNeeds } from "./stack/inspect";
export { DEPLOY_ERRORS, DeployError, type DeployErrorCode } from "./errors";
export type { ChangeSummary, DeployEvent, OnEvent, Operation, PolicyResult, Step } from "./events";

export interface DeployOptions {
  operation: Deployment["operation"];
  stack: string;
  /** Folder with Pulumi.yaml and the stack files. */
  projectDir: string;
  stateDir: string;
  /** Without it only a preview is possible, in which everything that a cloud would tell is unknown. */
  cloud?: CloudConnection | undefined;
  onEvent?: OnEvent;
  /** Values over those of the stack's file, by full key (`wandstore:image`), objects as JSON. */
  config?: Readonly<Record<string, string>>;
  /** Read in place of the project's `Pulumi.{stack}.yaml`. */
  configFile?: string | undefined;
  /** Where keys of models may come from, over what the stack says. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Ends the run after the steps that are under way; the state then holds what was made. */
  signal?: AbortSignal;
  /** Takes what the cloud has into the state first, so that an `up` puts right what was changed by hand. */
  refresh?: boolean | undefined;
  /** Levels and thresholds of the policies, over those of the project's `policies/config.json`. */
  policyConfigFile?: string | undefined;
  now?: () => number;
}

/**
 * Previews, deploys or destroys one stack. An `up` judges the whole program first (config, catalogue, types, policies,
 * protected resources) and makes nothing when any of it is refused.
 *
 * @throws DeployError
 */
export async function deploy(options: DeployOptions): Promise<DeployResult> {
  const { operation, stack, projectDir, stateDir, cloud, onEvent = () => {}, signal } = options;
  const { policyConfigFile, now = Date.now } = options;
  const policies = rulesAt(now).map(toPolicy);
  const project = readProject(projectDir);
  const config = operation === "destroy" ? { values: {}, secretKeys: [] } : configOf(project.name, options);
  return run({
    operation,
    project: project.name,
    stack,
    stateDir,
    cloud,
    config,
    program: projectProgram(projectDir, project.main),
    handlers: createHandlers({ projectDir, programDir: path.resolve(projectDir, project.main), cloud, signal }),
    functions: new Map(),
    policies,
    policyConfig: operation === "destroy" ? {} : policyConfigOf(projectDir, policyConfigFile, policies),
    onEvent,
    signal,
    refresh: options.refresh,
  });
}

function policyConfigOf(projectDir: string, file: string | undefined, policies: Policies): PolicyConfig {
  const own = readPolicyConfig(path.join(projectDir, "policies/config.json"), policies);
  return file === undefined ? own : layered(own, readPolicyConfig(file, policies, true));
}

const ownPolicies = (): Policies => rulesAt(Date.now).map(toPolicy);

/** What is set of the project's policies: by `policies/config.json`, and by a file over it. @throws DeployError BAD_POLICY_CONFIG */
export const policySettings = (projectDir: string, file?: string): PolicyConfig =>
  policyConfigOf(projectDir, file, ownPolicies());

/** The thresholds of one rule that a file sets over the rule's own. @throws DeployError BAD_POLICY_CONFIG */
export function readPolicyThresholds(file: string, rule: string): Readonly<Record<string, unknown>> {
  return readPolicyConfig(file, ownPolicies())[rule]?.properties ?? {};
}

/**
 * Judges a stack by the policy pack and makes nothing: no cloud is asked, no token needed, and what is deployed already
 * plays no part. Mandatory violations are findings here, no error.
 *
 * @throws DeployError for a stack that cannot be judged
 */
export async function checkPolicies(
  options: Pick<DeployOptions, "stack" | "projectDir" | "configFile" | "env" | "onEvent" | "policyConfigFile" | "now">,
): Promise<readonly PolicyResult[]> {
  return findingsOf((stateDir) => deploy({ ...options, operation: "preview", stateDir }));
}

/** What the program is told: the stack's file, what is set over it, and where it is. */
function configOf(
  project: string,
  { projectDir, stack, cloud, config, configFile, env = {} }: DeployOptions,
): StackConfig {
  if (cloud !== undefined) assertEmbedded(projectDir, stack); // before any secret is opened
  checkStackName(stack);
  const read = readStackConfig(projectDir, project, stack, cloud === undefined, env, configFile);
  const given = { ...read, values: { ...read.values, ...config } };
  if (cloud === undefined) return withSurroundings(given, project, undefined, env);
  return withSurroundings(unverified(given, project), project, atOwnHost(cloud, given, project, stack), env);
}

function refuseRealAccount(stack: string, project: string, config: StackConfig): void {
  if (isEmbedded(config, project)) return;
  throw new DeployError(
    "NOT_EMBEDDED",
    `stack "${stack}" belongs to a real account (its environment is ${config.values[`${project}:environment`]}), ` +
      `and the embedded deployment reaches none: run "pulumi up --stack ${stack}"`,
  );
}

/** Whether a stack of the project may be deployed here; one of a real account can only be previewed. */
export function isEmbeddedStack(projectDir: string, stack: string): boolean {
  checkStackName(stack);
  const { name } = readProject(projectDir);
  return isEmbedded(readStackConfig(projectDir, name, stack, true), name);
}

/** @throws DeployError NOT_EMBEDDED for a stack of a real account, with the way that deploys it */
export function assertEmbedded(projectDir: string, stack: string): void {
  checkStackName(stack);
  const { name } = readProject(projectDir);
  refuseRealAccount(stack, name, readStackConfig(projectDir, name, stack, true));
}

/**
 * What a stack's file says, for who judges it and deploys nothing: no secret is opened, a placeholder stands for each, and
 * one for the account where neither the file nor the environment names it.
 */
export function offlineConfig(projectDir: string, stack: string, env: DeployOptions["env"] = {}): StackConfig {
  checkStackName(stack);
  const { name } = readProject(projectDir);
  return withSurroundings(readStackConfig(projectDir, name, stack, true), name, undefined, env);
}

/** What a stack's Worker is called in the account. */
export const workerOfStack = (projectDir: string, stack: string): string =>
  workerOf(offlineConfig(projectDir, stack), readProject(projectDir).name, stack);

/** What the deployment of each stack that has a file needs, by the stack's name. */
export function inspectStacks(
  projectDir: string,
  env: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, StackNeeds> {
  const { name } = readProject(projectDir);
  return new Map(stackFiles(projectDir).map((stack) => [stack, inspectStack(projectDir, name, stack, env)]));
}

/** What a stack calls its environment: dev, staging, prod or shop. */
export function environmentOf(projectDir: string, stack: string): string | undefined {
  checkStackName(stack);
  const { name } = readProject(projectDir);
  return readStackConfig(projectDir, name, stack, true).values[`${name}:environment`];
}

/** The account that a stack is in: that of the embedded cloud which is given, else the real one. */
export function stackAccount(options: {
  projectDir: string;
  stack: string;
  cloud?: CloudConnection;
  env: Readonly<Record<string, string | undefined>>;
}): StackAccount {
  const { projectDir, stack, cloud, env } = options;
  return cloud === undefined
    ? realAccount(projectDir, readProject(projectDir).name, stack, env)
    : embeddedAccount(cloud);
}

/** Sets one value of a stack's file, as `pulumi config set` does. */
export function setConfig(options: Omit<ConfigSetOptions, "project">): ReturnType<typeof setStackConfig> {
  checkStackName(options.stack);
  return setStackConfig({ ...options, project: readProject(options.projectDir).name });
}

/** How a stack of the embedded cloud differs from its state; undefined for one that was never deployed. */
export function findDrift(options: {
  projectDir: string;
  stack: string;
  stateDir: string;
  cloud: CloudConnection;
  signal?: AbortSignal;
}): Promise<DriftReport | undefined> {
  const { projectDir, cloud, signal } = options;
  checkStackName(options.stack);
  const { name: project, main } = readProject(projectDir);
  const handlers = createHandlers({ projectDir, programDir: path.resolve(projectDir, main), cloud, signal });
  return embeddedDrift({ ...options, project, handlers });
}

/**
 * The same of a stack in a real account, from the events that the Pulumi CLI's refresh left. What the CLI cannot see is asked of
 * the account where the environment opens it.
 */
export function findRealDrift(options: {
  projectDir: string;
  stack: string;
  events: string;
  env: Readonly<Record<string, string | undefined>>;
}): Promise<DriftReport | undefined> {
  let account: StackAccount | string;
  try {
    account = stackAccount(options);
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    account = error.message;
  }
  return realStackDrift({ ...options, account });
}

/** The outputs of the last `up`; undefined for a stack that is not deployed. */
export function readOutputs(options: {
  projectDir: string;
  stateDir: string;
  stack: string;
  showSecrets: boolean;
}): Record<string, Value> | undefined {
  return readStateOutputs(options.stateDir, readProject(options.projectDir).name, options.stack, options.showSecrets);
}

/** When each stack that has a state here was last deployed, by its name; milliseconds since 1970. */
export function lastDeployments(stateDir: string): ReadonlyMap<string, number> {
  return new Map(stateFiles(stateDir).map(({ stack, file }) => [stack, statSync(file).mtimeMs]));
}

function checkStackName(stack: string): void {
  if (STACK_NAME.test(stack)) return;
  throw new DeployError(
    "BAD_STACK_NAME",
    `"${stack}" cannot be the name of a stack: it starts with a letter, has lower-case letters, digits and hyphens, and is at most 61 long`,
  );
}
