import { namespaceIds, objectPath, pagesOf, type CloudflareRaw } from "../../infra/cloudflare";

describe("the KV namespaces of an account", () => {
  it("are found on whichever page they are", async () => {
    const full = Array.from({ length: 1000 }, (_, index) => ({ id: `n${index}`, title: `t${index}` }));
    const pages = [full, full, [{ id: "here", title: "wanted" }]];
    const api = async (_method: string, url: string) => pages[Number(/page=(\d+)/.exec(url)![1]) - 1] as never;
    const ids = await namespaceIds(api, "account");
    expect(ids.get("wanted")).toBe("here");
    expect(ids.get("unwanted")).toBeUndefined();
  });
});

describe("a list with a cursor", () => {
  const asked: string[] = [];
  const raw: CloudflareRaw = async (_method, path) => {
    asked.push(path);
    const next = path.includes("cursor=a%3D%3D") ? "" : "a==";
    return Response.json({ result: next === "" ? null : ["one"], result_info: { cursor: next } });
  };
  const all = async (prefix?: string): Promise<string[][]> => {
    asked.length = 0;
    const pages: string[][] = [];
    const list = { path: "/keys", size: "limit", ...(prefix !== undefined && { prefix }) } as const;
    for await (const page of pagesOf<string>(raw, list)) pages.push(page);
    return pages;
  };

  it("is followed until no cursor comes, and a page without a result is an empty one", async () => {
    expect(await all()).toEqual([["one"], []]);
    expect(asked).toEqual(["/keys?limit=1000", "/keys?limit=1000&cursor=a%3D%3D"]);
  });

  it("is asked for the keys that begin with a prefix, on every page", async () => {
    await all("ui:lumen:&");
    expect(asked.map((path) => new URLSearchParams(path.split("?")[1]).get("prefix"))).toEqual([
      "ui:lumen:&",
      "ui:lumen:&",
    ]);
  });
});

describe("the path of an R2 object", () => {
  it("keeps the slashes of the key and nothing else that a URL would read", () => {
    expect(objectPath("acc", "shop", "generated/s/a b?#%.html")).toBe(
      "/accounts/acc/r2/buckets/shop/objects/generated/s/a%20b%3F%23%25.html",
    );
  });

  it("takes dots inside a part, which mean nothing there", () => {
    expect(objectPath("acc", "shop", "a/..b/c...html")).toContain("/objects/a/..b/c...html");
  });

  it.each(["generated/../x.html", "./x", "a/."])("is refused for %s, which would mean another object", (key) => {
    expect(() => objectPath("acc", "shop", key)).toThrow(/because of its/);
  });
});
