/** The embedded deployment: runs the Pulumi program of a project in this process, against the embedded cloud. */
import path from "node:path";
import { rules } from "../../policies/rules";
import type { CloudConnection } from "../cloud";
import { run, readOutputs as readStateOutputs, type Deployment, type DeployResult } from "./deploy";
import { DeployError } from "./errors";
import type { OnEvent } from "./events";
import { createHandlers } from "./handlers";
import { projectProgram } from "./program/load";
import { embeddedAccount, realAccount, type StackAccount } from "./release/account";
import { setConfig as setStackConfig, type ConfigSetOptions } from "./stack/configSet";
import { readProject, readStackConfig, type StackConfig } from "./stack/project";
import { isEmbedded, withSurroundings } from "./stack/settings";
import type { Value } from "./engine/values";
import { STACK_NAME } from "./state/stateFile";

export type { DeployResult } from "./deploy";
export { readHistory, type History, type ReleaseRecord } from "./release/history";
export { pinOf, planRollback, type RollbackPin, type RollbackPlan } from "./release/rollback";
export type { StackAccount } from "./release/account";
export { KINDS, openStored, type Entry, type Filter, type Kind, type Stored } from "./stored";
export { StackFile } from "./stack/file";
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
  /** Where keys of models may come from, over what the stack says. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Ends the run after the steps that are under way; the state then holds what was made. */
  signal?: AbortSignal;
}

/**
 * Previews, deploys or destroys one stack. An `up` judges the whole program first (config, catalogue, types, policies,
 * protected resources) and makes nothing when any of it is refused.
 *
 * @throws DeployError
 */
export async function deploy(options: DeployOptions): Promise<DeployResult> {
  const { operation, stack, projectDir, stateDir, cloud, onEvent = () => {}, env = {}, signal } = options;
  const project = readProject(projectDir);
  const config =
    operation === "destroy"
      ? { values: {}, secretKeys: [] }
      : withSurroundings(readConfig(projectDir, project.name, stack, cloud, env), project.name, cloud, env);
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
    policies: [...rules],
    onEvent,
    signal,
  });
}

function readConfig(
  projectDir: string,
  project: string,
  stack: string,
  cloud: CloudConnection | undefined,
  env: DeployOptions["env"],
): StackConfig {
  if (cloud !== undefined) assertEmbedded(projectDir, stack); // before any secret is opened
  checkStackName(stack);
  return readStackConfig(projectDir, project, stack, cloud === undefined, env);
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

/** The outputs of the last `up`; undefined for a stack that is not deployed. */
export function readOutputs(options: {
  projectDir: string;
  stateDir: string;
  stack: string;
  showSecrets: boolean;
}): Record<string, Value> | undefined {
  return readStateOutputs(options.stateDir, readProject(options.projectDir).name, options.stack, options.showSecrets);
}

function checkStackName(stack: string): void {
  if (STACK_NAME.test(stack)) return;
  throw new DeployError(
    "BAD_STACK_NAME",
    `"${stack}" cannot be the name of a stack: it starts with a letter, has lower-case letters, digits and hyphens, and is at most 61 long`,
  );
}
