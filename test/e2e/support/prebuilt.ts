import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { bundleGenerator } from "../../../infra/bundle";
import { IMAGE_REPOSITORY } from "../../../infra/naming";
import type { CloudConnection } from "../../../local/cloud";
import { buildImage } from "../../../local/deploy/image/build";
import { readDockerfile } from "../../../local/deploy/image/dockerfile";
import { pushImage } from "../../../local/deploy/image/push";

export interface Prebuilt {
  readonly ref: string;
  readonly buildId: string;
}

/** An image in the registry of the account, as another pipeline would have put it there. */
export async function prebuilt(
  projectDir: string,
  cloud: CloudConnection,
  change: (server: string) => string = (server) => server,
): Promise<Prebuilt> {
  const { folder, buildId, tag } = bundleGenerator(projectDir, path.join(projectDir, "prebuilt"));
  const server = path.join(folder, "server.js");
  writeFileSync(server, change(readFileSync(server, "utf8")));
  const recipe = readDockerfile(readFileSync(path.join(folder, "Dockerfile"), "utf8"));
  const image = await buildImage(recipe, folder, "linux/amd64");
  const repository = `${cloud.accountId}/${IMAGE_REPOSITORY}`;
  const digest = await pushImage(image, {
    registryUrl: new URL(cloud.apiUrl).origin,
    authorization: `Bearer ${cloud.apiToken}`,
    repository,
    tag: change("") === "" ? tag : "changed",
  });
  return { ref: `registry.cloudflare.com/${repository}@${digest}`, buildId };
}
