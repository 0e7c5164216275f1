/** What of Node's zlib the Worker uses; workerd has it with `nodejs_compat`. */
declare module "node:zlib" {
  interface Bytes extends Uint8Array {
    toString(encoding?: "utf8" | "latin1"): string;
  }
  export function gunzipSync(bytes: ArrayBuffer | Uint8Array, options: { maxOutputLength: number }): Bytes;
  export function gzipSync(bytes: Uint8Array): Bytes;
}
