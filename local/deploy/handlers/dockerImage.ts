import { readFileSync } from "node:fs";
import path from "node:path";
import { buildImage, type BuiltImage } from "../image/build";
import { readDockerfile } from "../image/dockerfile";
import { pushImage } from "../image/push";
import { isObject, UNKNOWN, type Props, type Value } from "../engine/values";
import { connection, type HandlerContext } from "./context";
import type { Handler, Made } from "./handler";

const DEFAULT_PLATFORM = "linux/amd64"; // all that Cloudflare runs
/** `registry.cloudflare.com/{account}/{repository}:{tag}` */
const IMAGE_NAME = /^(?<host>[^/]+)\/(?<repository>[^:@]+)(?::(?<tag>[\w][\w.-]{0,127}))?$/;

/** Where the image is built from, after `check`. Paths are relative to the program. */
interface Build {
  context: string;
  dockerfile: string;
  platform: string;
  /** Digest of the image that the files make. */
  contextDigest: string;
}

/**
 * docker:index/image:Image, without Docker: an image of the files that the Dockerfile copies. Its digest depends on them
 * alone and is part of the inputs, so that a change of a file is a change of the resource.
 */
export function dockerImage(context: HandlerContext): Handler {
  const inProgram = (file: string): string => path.resolve(context.programDir, file);

  const build = ({ dockerfile, context: folder, platform }: Omit<Build, "contextDigest">): Promise<BuiltImage> =>
    buildImage(readDockerfile(readFileSync(inProgram(dockerfile), "utf8")), inProgram(folder), platform);

  const make = async (inputs: Props): Promise<Made> => {
    const { registryUrl, apiToken } = connection(context);
    const wanted = inputs.build as unknown as Build;
    const name = String(inputs.imageName);
    const { host, repository, tag = "latest" } = IMAGE_NAME.exec(name)!.groups as Record<string, string>;
    const image = await build(wanted);
    const digest = await pushImage(image, { registryUrl, apiToken, repository: repository!, tag });
    const outputs = {
      imageName: name,
      baseImageName: name,
      context: wanted.context,
      dockerfile: wanted.dockerfile,
      platform: wanted.platform,
      registryServer: host!,
      repoDigest: `${host}/${repository}@${digest}`,
    };
    return { id: digest, outputs };
  };

  return {
    replaceOn: [],
    stableOutputs: ["registryServer"],
    async check(_urn, inputs) {
      const name = inputs.imageName;
      if (name !== UNKNOWN && (typeof name !== "string" || !IMAGE_NAME.test(name))) {
        throw new Error(`imageName is ${JSON.stringify(name)}; it reads registry/repository:tag`);
      }
      const given = buildOf(inputs.build);
      const { manifest } = await build(given);
      // The credentials of a push change each time and say nothing of the image.
      const { registry: _credentials, ...rest } = inputs;
      return { ...rest, build: { ...given, contextDigest: manifest.digest } };
    },
    create: (_urn, inputs) => make(inputs),
    update: async (_old, inputs) => (await make(inputs)).outputs,
    /** Cloudflare keeps pushed images, and so does the provider of @pulumi/docker. */
    async delete() {},
  };
}

function buildOf(value: Value | undefined): Omit<Build, "contextDigest"> {
  const build = isObject(value) ? value : {};
  const context = typeof build.context === "string" ? build.context : ".";
  const dockerfile = typeof build.dockerfile === "string" ? build.dockerfile : path.join(context, "Dockerfile");
  const platform = typeof build.platform === "string" ? build.platform : DEFAULT_PLATFORM;
  return { context, dockerfile, platform };
}
