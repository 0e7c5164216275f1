import clientScript from "wandstore:client";
import { shortHash } from "../lib/shortHash";

/** The browser script's text. */
export { clientScript };

/** Its address: the name changes with the text, so browsers may keep it for ever. */
export const scriptUrl = `/assets/wand-${shortHash(clientScript, 12)}.js`;
