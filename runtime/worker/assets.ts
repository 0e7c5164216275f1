import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import clientScript from "wandstore:client";

/** The browser script's text. */
export { clientScript };

/** Its address: the name changes with the text, so browsers may keep it for ever. */
export const scriptUrl = `/assets/wand-${bytesToHex(sha256(utf8ToBytes(clientScript))).slice(0, 12)}.js`;
