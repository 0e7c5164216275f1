import { LocalWorkspace, type RemoveOptions } from "@pulumi/pulumi/automation";

/**
 * The project as the Automation API works on it. The stack that the user has selected (`pulumi stack select`) stays selected, whatever is
 * done to others: each of our commands names its stack, where the API's own would select it.
 */
export async function workspaceAt(projectDir: string): Promise<LocalWorkspace> {
  const workspace = await LocalWorkspace.create({
    workDir: projectDir,
    envVars: { PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  const remove = workspace.removeStack.bind(workspace);
  // The API has no public way to run a command; the first two are what it runs for a deployment that Pulumi Cloud does.
  const stack = async (...args: string[]): Promise<void> => void (await workspace["runPulumiCmd"](["stack", ...args]));
  return Object.assign(workspace, {
    selectStack: (name: string) => stack("--stack", name),
    createStack: (name: string) => stack("init", name, "--no-select"),
    /** The CLI takes the selection away with any stack. */
    async removeStack(name: string, options?: RemoveOptions): Promise<void> {
      const selected = (await workspace.stack())?.name;
      await remove(name, options);
      if (selected !== undefined && selected !== name) await stack("select", selected);
    },
  });
}
