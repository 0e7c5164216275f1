import { createHash } from "node:crypto";
import { BASE_LEFT_OUT, BASE_NAME } from "../../cloud/registry/manifest";
import { filesOf, tarOf } from "./layer";
import type { ImageRecipe } from "./stage";

export interface Blob {
  /** `sha256:` and 64 hex digits. */
  digest: string;
  bytes: Buffer;
}

/** An image of one layer, in the terms of the OCI image specification 1.1. */
export interface BuiltImage {
  layer: Blob;
  config: Blob;
  manifest: Blob;
}

export const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
const CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
const LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar";
/** A fixed moment, so that the same content has the same digest. */
const CREATED = "1970-01-01T00:00:00Z";

/** Makes the image: the same recipe and files give the same digest, on any machine and at any time. */
export async function buildImage(recipe: ImageRecipe, contextDir: string, platform: string): Promise<BuiltImage> {
  const [os = "linux", architecture = "amd64"] = platform.split("/");
  const layer = blob(await tarOf(filesOf(recipe, contextDir)));
  const { entrypoint, cmd, user } = recipe;
  const config = jsonBlob({
    architecture,
    os,
    created: CREATED,
    config: {
      WorkingDir: recipe.workdir,
      Env: recipe.env,
      ...(Object.keys(recipe.labels).length > 0 && { Labels: recipe.labels }),
      ExposedPorts: Object.fromEntries(recipe.ports.map((port) => [port, {}])),
      ...(user === "" ? {} : { User: user }),
      ...(entrypoint === undefined ? {} : { Entrypoint: entrypoint }),
      ...(cmd === undefined ? {} : { Cmd: cmd }),
    },
    rootfs: { type: "layers", diff_ids: [layer.digest] },
    history: [{ created: CREATED, created_by: `the files of the Dockerfile, without its base ${recipe.from}` }],
  });
  const manifest = jsonBlob({
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: { mediaType: CONFIG_TYPE, digest: config.digest, size: config.bytes.length },
    layers: [{ mediaType: LAYER_TYPE, digest: layer.digest, size: layer.bytes.length }],
    ...(recipe.from !== "scratch" && { annotations: { [BASE_NAME]: recipe.from, [BASE_LEFT_OUT]: "true" } }),
  });
  return { layer, config, manifest };
}

function blob(bytes: Buffer): Blob {
  return { digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}`, bytes };
}

function jsonBlob(value: object): Blob {
  return blob(Buffer.from(JSON.stringify(value)));
}
