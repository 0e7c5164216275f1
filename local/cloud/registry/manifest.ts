/** Image manifests: the two formats in use, and lists of images for several platforms (OCI image-spec; Docker's schema 2). */
import { z } from "zod";

const Descriptor = z.object({ mediaType: z.string().optional(), digest: z.string(), size: z.number().optional() });

const ImageManifest = z.object({
  mediaType: z.string().optional(),
  config: Descriptor,
  layers: z.array(Descriptor),
  annotations: z.record(z.string(), z.string()).optional(),
});
const ImageIndex = z.object({
  mediaType: z.string().optional(),
  manifests: z.array(
    Descriptor.extend({ platform: z.object({ os: z.string(), architecture: z.string() }).optional() }),
  ),
});
export const Manifest = z.union([ImageManifest, ImageIndex]);
export type Manifest = z.infer<typeof Manifest>;

/** What a manifest's format may be called in Content-Type. */
export const MANIFEST_TYPES: ReadonlySet<string> = new Set([
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
]);

/** The part of an image configuration that a process needs. */
export const ImageConfig = z.object({
  config: z
    .object({
      Cmd: z.array(z.string()).nullish(),
      Entrypoint: z.array(z.string()).nullish(),
      Env: z.array(z.string()).nullish(),
      WorkingDir: z.string().optional(),
      ExposedPorts: z.record(z.string(), z.unknown()).nullish(),
      User: z.string().optional(),
    })
    .optional(),
});

/**
 * An annotation by which an image says that its layers hold only what comes over its base (`org.opencontainers.image.base.name`), for
 * who builds images without an engine. A process needs no more; for a Docker engine the base is put under it.
 */
export const BASE_LEFT_OUT = "embedded-cloud.base-left-out";
/** OCI image-spec, annotations.md. */
export const BASE_NAME = "org.opencontainers.image.base.name";

/** The name of the base that an image came without; undefined where the image is whole. */
export function baseLeftOut(manifest: Manifest): string | undefined {
  if ("manifests" in manifest || manifest.annotations?.[BASE_LEFT_OUT] !== "true") return undefined;
  return manifest.annotations[BASE_NAME];
}

/** Digests that must be there before the manifest: config and layers, or the manifests of an index. */
export function references(manifest: Manifest): string[] {
  if ("manifests" in manifest) return manifest.manifests.map(({ digest }) => digest);
  return [manifest.config.digest, ...manifest.layers.map(({ digest }) => digest)];
}
