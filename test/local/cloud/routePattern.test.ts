import { findRoute, hostOf, readPattern } from "../../../local/cloud/routePattern";

describe("patterns of routes", () => {
  const routesOf = (...patterns: string[]) =>
    patterns.map((pattern) => {
      const parts = readPattern(pattern);
      if (!parts) throw new Error(`${pattern} is none`);
      return { ...parts, pattern, zone: "example.com" };
    });
  const found = (url: string, ...patterns: string[]) => {
    const [, host = "", path = ""] = /^([^/]+)(\/.*)$/.exec(url) ?? [];
    return findRoute(routesOf(...patterns), { host, path })?.pattern;
  };

  it.each([
    ["example.com/*", "example.com/any?a=b", true],
    ["example.com/*", "www.example.com/", false],
    ["https://example.com/*", "example.com/", true],
    ["*.example.com/*", "a.b.example.com/", true],
    ["*.example.com/*", "example.com/", false],
    ["*example.com/*", "example.com/", true],
    ["*example.com/*", "www.example.com/", true],
    ["*example.com/*", "notexample.com/", false],
    ["example.com/images*", "example.com/images/a", true],
    ["example.com/images/*", "example.com/images", false],
    ["example.com/hello", "example.com/hello", true],
    ["example.com/hello", "example.com/hello?name=x", false],
    ["example.com", "example.com/", true],
    ["example.com", "example.com/a", false],
  ])("%s and %s: %s", (pattern, url, fits) => {
    expect(found(url, pattern)).toBe(fits ? pattern : undefined);
  });

  it("takes the most specific one, in whatever order they come", () => {
    const patterns = ["*example.com/*", "*.example.com/a", "a.example.com/*", "a.example.com/b*", "example.com/a"];
    for (const some of [patterns, patterns.toReversed()]) {
      expect(found("a.example.com/a", ...some)).toBe("a.example.com/*");
      expect(found("a.example.com/bc", ...some)).toBe("a.example.com/b*");
      expect(found("c.example.com/a", ...some)).toBe("*.example.com/a");
      expect(found("example.com/a", ...some)).toBe("example.com/a");
      expect(found("example.com/b", ...some)).toBe("*example.com/*");
    }
  });

  it("knows the host of a pattern, and what is no pattern", () => {
    expect(routesOf("*.Example.com/*").map(hostOf)).toEqual(["example.com"]);
    const none = ["", "*", "*/*", "example.com/*.jpg", "example.com/?a=*", "exa*mple.com/", "example.*/", "com/*"];
    for (const text of [...none, "ftp://example.com/", "example..com/*", "a b.com/*"]) {
      expect([text, readPattern(text)]).toEqual([text, undefined]);
    }
  });
});
