import { gzipSync } from "node:zlib";
import type { CachedUI } from "../../contract/cachedUi";
import { fieldOf, withField } from "./gzipField";
import { gunzip, packJson, unpackJson } from "./packedJson";
import { readAbout, readStored, type StoredAbout, type StoredUI } from "./storedUi";

/** Names our subfield of a gzip head: "wand page". */
const FIELD = "WP";
/** Bytes before the two parts of the field that say how long the first is. */
const LENGTH_BYTES = 2;

/** A document as it was packed when it was stored: sent as it is to whoever takes gzip. */
export class PackedDocument {
  constructor(readonly gzip: Uint8Array) {}

  /** The document in UTF-8. */
  bytes(): Uint8Array {
    return gunzip(this.gzip);
  }
}

/** A page of KV: what its headers need, and the rest when it is asked for. */
export type KvPage = StoredUI & { readonly packed?: PackedDocument };

/**
 * A page as KV holds it: its record as packed JSON, which is all that others see of it. In the head of the gzip stream is the
 * document by itself, packed too, so that serving it takes neither the JSON nor the text apart.
 * @param document what is sent, which may have more in it than the record's.
 */
export function packPage(page: CachedUI, document: string): ArrayBuffer {
  const record = new Uint8Array(packJson(page));
  const { ui: _ui, shop_context: _context, version: _version, ...about } = page;
  const head = new TextEncoder().encode(JSON.stringify(about));
  const body = gzipSync(new TextEncoder().encode(document));
  const content = new Uint8Array(LENGTH_BYTES + head.length + body.length);
  new DataView(content.buffer).setUint16(0, head.length, true);
  content.set(head, LENGTH_BYTES);
  content.set(body, LENGTH_BYTES + head.length);
  return (withField(record, FIELD, content) ?? record).buffer as ArrayBuffer;
}

/**
 * A page of a value in KV, whoever wrote it; undefined for one that is none of ours.
 * @throws SyntaxError or an error of zlib for what is no JSON, packed or not.
 */
export function unpackPage(value: ArrayBuffer): KvPage | undefined {
  const content = fieldOf(new Uint8Array(value), FIELD);
  const about = content && aboutOf(content);
  if (content === undefined || about === undefined) return readStored(unpackJson(value));
  const packed = new PackedDocument(content.subarray(LENGTH_BYTES + lengthOf(content)));
  let whole: StoredUI | undefined;
  const open = (): StoredUI => {
    whole ??= readStored(unpackJson(value));
    if (whole === undefined)
      throw new Error("the record of a page in KV is none of ours, and its head says that it is");
    return whole;
  };
  return {
    ...about,
    version: 1,
    packed,
    get ui() {
      return open().ui;
    },
    get shop_context() {
      return open().shop_context;
    },
  };
}

const lengthOf = (content: Uint8Array): number =>
  new DataView(content.buffer, content.byteOffset, content.byteLength).getUint16(0, true);

function aboutOf(content: Uint8Array): StoredAbout | undefined {
  if (content.length < LENGTH_BYTES) return undefined;
  const text = new TextDecoder().decode(content.subarray(LENGTH_BYTES, LENGTH_BYTES + lengthOf(content)));
  try {
    return readAbout(JSON.parse(text));
  } catch {
    return undefined;
  }
}
