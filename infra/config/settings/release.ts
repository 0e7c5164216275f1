import { z } from "zod";
import { about, text } from "./about";

/** An image by its digest: host of the registry, repository, SHA-256. A tag can be moved and is no pin. */
const ImageRef = text(
  "an image by its digest, such as registry.cloudflare.com/{account}/wandstore-generator@sha256:{64 hex digits}",
  /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+@sha256:[0-9a-f]{64}$/,
);
const BuildId = text("the 12 hex digits that the generator answers with", /^[0-9a-f]{12}$/);
const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;
const IMAGE = `registry.cloudflare.com/0123456789abcdef0123456789abcdef/wandstore-generator@${DIGEST}`;

const buildId = about(BuildId.optional(), {
  what: "Build id of that image, which the members are expected to answer with.",
  otherwise: "not checked beyond being the same at all members",
  example: "0123456789ab",
});

export const Image = about(
  z
    .strictObject({
      ref: about(ImageRef, { what: "The image, pinned by its digest.", example: IMAGE }),
      buildId,
    })
    .optional(),
  {
    what: "An image of the generator that was built elsewhere, such as the one that staging runs. No Docker is needed then.",
    otherwise: "the image is built from `images/generator` and pushed",
  },
);

export const Rollback = about(
  z
    .strictObject({
      release: about(text("a release's id such as 20260701T101500Z-0a1b2c3d", /^\d{8}T\d{6}Z-[0-9a-f]{8}$/), {
        what: "Id of the release to return to.",
        example: "20260701T101500Z-0a1b2c3d",
      }),
      versionId: about(z.guid("expected the version's id, a UUID").meta({ form: "a UUID" }), {
        what: "Version of the Worker that gets every request.",
        example: "0a1b2c3d-0000-4000-8000-000000000000",
      }),
      image: about(ImageRef, { what: "Image that the pool runs.", example: IMAGE }),
      buildId,
    })
    .optional(),
  {
    what: "The release that the stack was returned to. `wandstore rollback` writes it, and `wandstore rollback --clear` takes it away.",
    otherwise: "the newest code runs",
  },
);
