/** Image manifests: the two formats in use, and lists of images for several platforms (OCI image-spec; Docker's schema 2). */
import { z } from "zod";

const Descriptor = z.object({ mediaType: z.string().optional(), digest: z.string(), size: z.number().optional() });

const ImageManifest = z.object({ mediaType: z.string().optional(), config: Descriptor, layers: z.array(Descriptor) });
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

/** Digests that must be there before the manifest: config and layers, or the manifests of an index. */
export function references(manifest: Manifest): string[] {
  if ("manifests" in manifest) return manifest.manifests.map(({ digest }) => digest);
  return [manifest.config.digest, ...manifest.layers.map(({ digest }) => digest)];
}
