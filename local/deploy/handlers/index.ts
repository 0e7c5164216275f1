import { RESOURCES } from "../../../infra/providers/resources";
import { LocalImages } from "../image/localImages";
import { cloudflareHandlers } from "./cloudflare";
import { cloudflareClient, type HandlerContext } from "./context";
import { dockerImage } from "./dockerImage";
import type { Handler, Handlers } from "./handler";
import { explicitProvider } from "./provider";
import { randomByteString, randomId, randomText } from "./random";
import { wandstoreResource } from "./wandstore";

const PACKAGES = ["cloudflare", "docker", "random", "wandstore"];

/** Every type that the embedded deployment can make, by Pulumi's token. */
export function createHandlers(context: HandlerContext): Handlers {
  const images = new LocalImages();
  const wandstore = wandstoreResource(context, images.push);
  const provider = explicitProvider();
  const handlers: Record<string, Handler> = {
    ...cloudflareHandlers(cloudflareClient(context)),
    "docker:index/image:Image": dockerImage(context, images),
    "random:index/randomPassword:RandomPassword": randomText(["result", "bcryptHash"], () => "none"),
    "random:index/randomString:RandomString": randomText([], (text) => text),
    "random:index/randomBytes:RandomBytes": randomByteString(),
    "random:index/randomId:RandomId": randomId(),
    ...Object.fromEntries(Object.keys(RESOURCES).map((type) => [type, wandstore])),
    ...Object.fromEntries(PACKAGES.map((name) => [`pulumi:providers:${name}`, provider])),
  };
  return new Map(Object.entries(handlers));
}
