import { readFileSync } from "node:fs";
import path from "node:path";
import { buildImage, type BuiltImage } from "../image/build";
import { readDockerfile } from "../image/dockerfile";
import type { LocalImages } from "../image/localImages";
import { pushImage } from "../image/push";
import { isObject, UNKNOWN, type Props, type Value } from "../engine/values";
import { connection, type HandlerContext } from "./context";
import type { Handler, Made } from "./handler";

const DEFAULT_PLATFORM = "linux/amd64"; // all that Cloudflare runs
/** `registry.cloudflare.com/{account}/{repository}:{tag}` */
const IMAGE_NAME = /^(?<host>[^/]+)\/(?<repository>[^:@]+)(?::(?<tag>[\w][\w.-]{0,127}))?$/;
/** An image that is not pushed needs no registry in its name. */
const LOCAL_NAME = /^[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::\w[\w.-]{0,127})?$/;

/** Where the image is built from, after `check`. Paths are relative to the program. */
interface Build {
  context: string;
  dockerfile: string;
  platform: string;
  /** Build arguments; absent where there are none. */
  args?: Record<string, string>;
  /** Digest of the image that the files make. */
  contextDigest: string;
}

/**
 * docker:index/image:Image, without Docker: an image of the files that the Dockerfile copies. Its digest depends on them
 * alone and is part of the inputs, so that a change of a file is a change of the resource. With `skipPush` it only stands
 * in `images` by its name, for others to push, and answers as the real provider does (pulumi-docker, provider/image.go).
 */
export function dockerImage(context: HandlerContext, images: LocalImages): Handler {
  const inProgram = (file: string): string => path.resolve(context.programDir, file);

  const build = ({ dockerfile, context: folder, platform, args }: Omit<Build, "contextDigest">): Promise<BuiltImage> =>
    buildImage(readDockerfile(readFileSync(inProgram(dockerfile), "utf8"), args), inProgram(folder), platform);

  const make = async (inputs: Props): Promise<Made> => {
    const wanted = inputs.build as unknown as Build;
    const name = String(inputs.imageName);
    const image = await build(wanted);
    const outputs = {
      imageName: name,
      baseImageName: name,
      context: wanted.context,
      dockerfile: path.relative(wanted.context, wanted.dockerfile).replaceAll(path.sep, "/"),
      platform: wanted.platform,
    };
    // Of a local image the real provider gives the id, which is the digest of its configuration.
    if (inputs.skipPush === true) {
      return { id: name, outputs: { ...outputs, registryServer: "", repoDigest: image.config.digest } };
    }
    const { registryUrl, apiToken } = connection(context);
    const { host, repository, tag = "latest" } = IMAGE_NAME.exec(name)!.groups as Record<string, string>;
    const target = { registryUrl, authorization: `Bearer ${apiToken}`, repository: repository!, tag };
    const digest = await pushImage(image, target);
    return { id: name, outputs: { ...outputs, registryServer: host!, repoDigest: `${host}/${repository}@${digest}` } };
  };

  return {
    replaceOn: [],
    stableOutputs: ["registryServer"],
    async check(_urn, inputs) {
      const name = inputs.imageName;
      checkName(name, inputs.skipPush === true);
      const given = buildOf(inputs.build);
      const { manifest } = await build(given);
      if (name !== UNKNOWN) images.set(String(name), () => build(given));
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

function checkName(name: Value | undefined, isLocal: boolean): void {
  if (name === UNKNOWN || (typeof name === "string" && (isLocal ? LOCAL_NAME : IMAGE_NAME).test(name))) return;
  const form = isLocal ? "repository:tag" : "registry/repository:tag";
  throw new Error(`imageName is ${JSON.stringify(name)}; it reads ${form}`);
}

function buildOf(value: Value | undefined): Omit<Build, "contextDigest"> {
  const build = isObject(value) ? value : {};
  const context = typeof build.context === "string" ? build.context : ".";
  const dockerfile = typeof build.dockerfile === "string" ? build.dockerfile : path.join(context, "Dockerfile");
  const platform = typeof build.platform === "string" ? build.platform : DEFAULT_PLATFORM;
  const args = isObject(build.args)
    ? Object.fromEntries(Object.entries(build.args).map(([name, given]) => [name, String(given)]))
    : undefined;
  if (build.target !== undefined) {
    throw new Error("build.target names a stage; the embedded deployment builds the last one, so leave it out");
  }
  return { context, dockerfile, platform, ...(args !== undefined && { args }) };
}
