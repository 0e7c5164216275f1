import { type Cloud, startCloud } from "../../../local/cloud";
import { Project } from "./project";
import { PulumiCli } from "./pulumi";

/** A copy of the project, an account in an embedded cloud, and the real CLI between the two. */
export interface Account {
  readonly project: Project;
  readonly cloud: Cloud;
  readonly pulumi: PulumiCli;
  remove(): Promise<void>;
}

export async function openAccount(): Promise<Account> {
  const project = new Project();
  const cloud = await startCloud({ stateDir: project.stateDir, apiPort: 0, edgePort: 0 });
  const remove = async (): Promise<void> => {
    await cloud.close();
    await project.remove();
  };
  return { project, cloud, pulumi: new PulumiCli(project.dir, cloud), remove };
}

/** Makes a stack's file one of two members that asks no model: a test asks nobody outside. */
export const withoutModels = (project: Project, stack: string): void =>
  project.edit(`Pulumi.${stack}.yaml`, (text) =>
    text.replace(/^ {2}wandstore:llm:\n(?: {4}.*\n)+/m, "").replace("size: 10", "size: 2"),
  );
