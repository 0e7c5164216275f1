import { type Resource, resourceRule } from "../rule";
import { TYPES } from "../types";
import { textOf } from "../values";

const REGISTRY = "registry.cloudflare.com";
const PINNED = /^registry\.cloudflare\.com\/([0-9a-f]{32})\/[a-z0-9]+(?:[._/-][a-z0-9]+)*@sha256:[0-9a-f]{64}$/;

export const containerImagePinned = resourceRule({
  name: "container-image-pinned",
  level: "mandatory",
  what: "Containers run an image of the account's own registry at Cloudflare, named by its digest.",
  why: "A tag can be moved to other code after it was reviewed, and another registry can be anybody's; a digest cannot change.",
  fix:
    `Use ${REGISTRY}/{account}/{repository}@sha256:{digest}, which the resource RegistryImage gives as ref, and push ` +
    "nowhere else.",
  setting: "image.ref",
  thresholds: {},
  judge(resource, say) {
    const { type, props } = resource;
    if (type === TYPES.containerApplication) return judgeRun(resource, say);
    const isPushed = type === TYPES.dockerRegistryImage || (type === TYPES.dockerImage && props["skipPush"] !== true);
    const image = isPushed ? textOf(props[type === TYPES.dockerImage ? "imageName" : "name"]) : undefined;
    if (image === undefined || image.startsWith(`${REGISTRY}/`)) return;
    say(`The image "${image}" is pushed to another registry than ${REGISTRY}.`);
  },
});

function judgeRun({ props }: Resource, say: (found: string) => void): void {
  const [image, accountId] = [textOf(props["image"]), textOf(props["accountId"])];
  if (image === undefined) return;
  const account = PINNED.exec(image)?.[1];
  if (account === undefined)
    say(`The container application runs "${image}", which is no image of ${REGISTRY} by digest.`);
  else if (accountId !== undefined && account !== accountId) {
    say(`The container application of account ${accountId} runs an image of account ${account}.`);
  }
}
