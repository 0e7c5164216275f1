import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { fieldOf, withField } from "../../../../runtime/worker/cache/gzipField";
import { packJson } from "../../../../runtime/worker/cache/packedJson";
import { packPage, unpackPage } from "../../../../runtime/worker/cache/packedPage";
import type { CachedUI } from "../../../../runtime/contract/cachedUi";

const page = (html: string): CachedUI => ({
  version: 1,
  format: "layout",
  ui: { html, components: [] },
  meta: {
    persona_type: "explorer",
    generated_at: "2026-11-21T10:00:00.000Z",
    model: "template",
    generation_time_ms: 3,
  },
  shop_context: { shop_id: "tea-house", product_count: 3 },
  source: "template",
  catalogue_version: "0123456789abcdef",
  csp_hash: "sha256-abc=",
});
const HTML = `<!doctype html><p>Thé 🫖</p>${"<p>and more</p>".repeat(200)}`;
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe("a page as KV holds it", () => {
  const value = packPage(page(HTML), `${HTML}<footer>`);

  it("is the packed JSON of its record to everybody else", () => {
    expect(JSON.parse(gunzipSync(new Uint8Array(value)).toString())).toEqual(page(HTML));
    expect(JSON.parse(execFileSync("gzip", ["-dc"], { input: new Uint8Array(value) }).toString())).toEqual(page(HTML));
  });

  it("gives the document that is sent without its record being opened, and the record when it is asked for", () => {
    const found = unpackPage(value)!;
    const { version: _version, ui: _ui, shop_context: _context, ...about } = page(HTML);
    expect(found).toMatchObject(about);
    expect(text(found.packed!.bytes())).toBe(`${HTML}<footer>`);
    expect(gunzipSync(found.packed!.gzip).toString()).toBe(`${HTML}<footer>`);
    expect(found.ui.html).toBe(HTML);
    expect(found.shop_context.shop_id).toBe("tea-house");
  });

  it.each([
    ["packed", packJson(page(HTML))],
    ["as it is", new Uint8Array(Buffer.from(JSON.stringify(page("<p>short")))).buffer],
  ])("is read where another wrote it %s", (_how, other) => {
    const found = unpackPage(other)!;
    expect(found.packed).toBeUndefined();
    expect(found.ui.html).toMatch(/^<(?:!doctype|p>short)/);
  });

  it("has no document beside it that is too long for a gzip head", () => {
    const long = randomBytes(80_000).toString("base64");
    const found = unpackPage(packPage(page(long), long))!;
    expect(found.packed).toBeUndefined();
    expect(found.ui.html).toBe(long);
  });

  it("is none of ours when its record is not, though its head is", () => {
    const stranger = new Uint8Array(packJson({ hello: "x".repeat(2000) }));
    const field = fieldOf(new Uint8Array(value), "WP")!;
    const found = unpackPage(withField(stranger, "WP", field)!.buffer as ArrayBuffer)!;
    expect(() => found.ui).toThrow(/none of ours/);
    expect(unpackPage(stranger.buffer)).toBeUndefined();
  });

  it.each([
    ["empty", new Uint8Array()],
    ["short", new Uint8Array([9])],
    ["of a length that it has not", new Uint8Array([255, 255, 1, 2, 3])],
    ["no JSON", new Uint8Array([3, 0, 1, 2, 3, 4])],
  ])("is read by its record where the field is %s", (_what, field) => {
    const found = unpackPage(withField(new Uint8Array(packJson(page(HTML))), "WP", field)!.buffer as ArrayBuffer)!;
    expect(found.packed).toBeUndefined();
    expect(found.ui.html).toBe(HTML);
  });
});

describe("a field in a gzip head", () => {
  const stream = new Uint8Array(gzipSync("hello"));
  const field = new Uint8Array([1, 2, 3]);

  it("is found by its name, and by no other", () => {
    const whole = withField(stream, "AB", field)!;
    expect(fieldOf(whole, "AB")).toEqual(field);
    expect(fieldOf(whole, "BA")).toBeUndefined();
    expect(gunzipSync(whole).toString()).toBe("hello");
  });

  it("is not put in twice, nor looked for beyond its end or in what is no gzip", () => {
    const whole = withField(stream, "AB", field)!;
    expect(withField(whole, "CD", field)).toBeUndefined();
    for (let length = 0; length < 19; length++) expect(fieldOf(whole.subarray(0, length), "AB")).toBeUndefined();
    expect(fieldOf(new Uint8Array(Buffer.from('{"version":1}')), "AB")).toBeUndefined();
  });
});
