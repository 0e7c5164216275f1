import { gunzipSync, gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { packJson, unpackJson } from "../../../../runtime/worker/cache/packedJson";

const bytesOf = (data: Uint8Array): ArrayBuffer => new Uint8Array(data).buffer;
const long = (text: string): object => ({ text, more: "x".repeat(2000) });

describe("packed JSON", () => {
  it("comes back as it was, whatever is in its texts", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: "binary", maxLength: 40 }), (value, text) => {
        const page = { value, text, filler: "é😀".repeat(400) };
        expect(unpackJson(packJson(page))).toEqual(JSON.parse(JSON.stringify(page)));
      }),
      { numRuns: 200 },
    );
  });

  it("is gzip that anybody can open, of JSON in ASCII, and says that it is", () => {
    const packed = new Uint8Array(packJson(long("Thé à la menthe 🫖")));
    expect(packed[3]! & 1).toBe(1);
    const text = gunzipSync(packed).toString("utf8");
    expect(text).toMatch(/^[\x20-\x7e]*$/);
    expect(JSON.parse(text)).toEqual(long("Thé à la menthe 🫖"));
  });

  it("stays as it is when it is short", () => {
    expect(new TextDecoder().decode(packJson({ tea: "é" }))).toBe('{"tea":"\\u00e9"}');
  });

  it("opens what another wrote: UTF-8, packed and unpacked", () => {
    const value = long("Thé 🫖");
    expect(unpackJson(bytesOf(gzipSync(JSON.stringify(value))))).toEqual(value);
    expect(unpackJson(bytesOf(Buffer.from(JSON.stringify(value))))).toEqual(value);
  });

  it.each([
    ["no JSON", Buffer.from("<!doctype html>")],
    ["nothing", Buffer.alloc(0)],
    ["a gzip that is cut", gzipSync(JSON.stringify(long("x"))).subarray(0, 30)],
    ["a gzip that opens to too much", gzipSync(Buffer.alloc(9 * 1024 * 1024, 32))],
  ])("refuses %s", (_what, bytes) => {
    expect(() => unpackJson(bytesOf(bytes))).toThrow(/JSON|unexpected end|buffer|larger/i);
  });
});
