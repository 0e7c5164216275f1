import type { ResourceValidationPolicy } from "@pulumi/policy";
import { TYPES } from "./types";
import { knownText } from "./values";

const PINNED = /^registry\.cloudflare\.com\/[0-9a-f]{32}\/[a-z0-9]+(?:[._/-][a-z0-9]+)*@sha256:[0-9a-f]{64}$/;

export const containerImagePinned: ResourceValidationPolicy = {
  name: "container-image-pinned",
  description: "Containers run an image of Cloudflare's registry, named by digest.",
  enforcementLevel: "mandatory",
  validateResource: ({ type, props }, reportViolation) => {
    if (type !== TYPES.containerApplication) return;
    const image = knownText(props["image"]);
    if (image === undefined || PINNED.test(image)) return;
    reportViolation(
      `The container application runs "${image}". A tag can be moved to other code after it was reviewed; a digest cannot. ` +
        "Use registry.cloudflare.com/{account}/{repository}@sha256:{digest}, which the resource RegistryImage gives as ref.",
    );
  },
};
