import { WebUrl } from "../../../runtime/contract/product";
import { webUrl } from "../../../runtime/page/html";

const GOOD = [
  "https://cdn.example/a.jpg",
  "http://cdn.example/a.jpg",
  "HTTPS://CDN.EXAMPLE/A.jpg",
  "https://cdn.example:8443/a.jpg",
  "https://cdn_1.example/a.jpg?v=1#x",
  "https://cdn.example/a b.jpg",
  "https://cdn.example/@brand/a.jpg",
  "https://cdn.example/?mail=a@b",
  "https://cdn.example/x;y,z*'(1)",
  "https://cdn.example./a.jpg",
  "https://bücher.example/a.jpg",
  "http://127.0.0.1:8080/a.jpg",
  "http://[::1]:8080/a.jpg",
  "http://localhost/a.jpg",
];

const BAD = [
  "",
  "cdn.example/a.jpg",
  "/a.jpg",
  "//evil.example/a.jpg",
  "javascript:alert(1)",
  "javascript://cdn.example/%0aalert(1)",
  " https://cdn.example/a.jpg",
  "https://cdn.example/a.jpg\n",
  "java\tscript:alert(1)",
  "https://cd\tn.example/a.jpg",
  "https://cdn.example/a\nb.jpg",
  "https://cdn.example/a\u0000.jpg",
  "data:text/html,x",
  "vbscript:x",
  "file:///etc/passwd",
  "ftp://cdn.example/a.jpg",
  "blob:https://cdn.example/a",
  "https:evil.example",
  "https:/evil.example",
  "https:///evil.example",
  "https:\\\\evil.example",
  "https://cdn.example\\@evil.example",
  "https://cdn.example\\.evil.example",
  "https://cdn.example@evil.example/a.jpg",
  "https://cdn.example:pw@evil.example/a.jpg",
  "https://@evil.example/",
  "https://cdn.example /a.jpg",
  "https://*/a.jpg",
  "https://*.example/a.jpg",
  "https://cdn.example;sandbox/a.jpg",
  "https://cdn.example；sandbox/a.jpg",
  "https://cdn.example%3bsandbox/a.jpg",
  "https://cdn.example,evil.example/a.jpg",
  "https://'unsafe-inline'/a.jpg",
  'https://cdn"x.example/a.jpg',
  "https://cdn.example:99999/a.jpg",
  `https://cdn.example/${"a".repeat(2048)}`,
];

describe("an address of a catalogue", () => {
  it.each(GOOD)("may be %j", (url) => {
    expect(WebUrl.parse(url)).toBe(url);
  });

  it.each(BAD)("is not %j", (url) => {
    expect(WebUrl.safeParse(url).success).toBe(false);
  });

  it("is written by its host's ASCII form, so that a letter of another script shows", () => {
    expect(webUrl(WebUrl.parse("https://shоp.example/a"))).toBe("https://xn--shp-ted.example/a");
  });

  it("names no host in a page's policy that could be more than one source", () => {
    for (const url of GOOD) expect(new URL(url).origin).toMatch(/^https?:\/\/(\[[0-9a-f:]+\]|[a-z0-9_.-]+)(:\d+)?$/);
  });
});

describe("an address on its way into a page", () => {
  it.each(["https://user@evil.example/", "https://user:pw@evil.example/", "//evil.example", "javascript:1", "x"])(
    "is left out when it is %j",
    (url) => {
      expect(webUrl(url)).toBeUndefined();
    },
  );
});
