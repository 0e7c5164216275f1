import { atEdge, esModule } from "../support";
import { Wrangler } from "./support";

jest.setTimeout(180_000);

const code = (version: string) =>
  `export default { fetch: (_, env) => new Response(["${version}", env.SECRET ?? "none"].join(" ")) };`;

describe("wrangler deploy with addresses of its own, and what goes wrong", () => {
  let wrangler: Wrangler;
  const config = (name: string, changes: object) =>
    wrangler.write(`${name}.json`, { name, main: `${name}.js`, compatibility_date: "2026-07-01", ...changes });
  const ask = async (host: string, path = "/") => (await atEdge(wrangler.test.cloud.edgeUrl, host, path)).text.trim();
  beforeAll(async () => {
    wrangler = await Wrangler.start();
    await wrangler.write("shop.js", code("one"));
    await wrangler.write("caller.js", code("caller"));
  });
  afterAll(() => wrangler.stop());

  it("answers at routes and custom domains and nowhere else, and lets go of routes that are no more", async () => {
    const domain = { pattern: "shop.example.com", custom_domain: true };
    const route = (pattern: string) => ({ pattern, zone_name: "example.com" });
    await config("shop", {
      workers_dev: false,
      routes: [route("www.example.com/a*"), route("b.example.com/*"), domain],
    });
    const said = await wrangler.ok("deploy --config shop.json");
    for (const text of ["www.example.com/a* (zone name: example.com)", "shop.example.com (custom domain)"])
      expect(said).toContain(text);
    for (const [host, path] of [
      ["www.example.com", "/a/b"],
      ["b.example.com", "/"],
      ["shop.example.com", "/"],
    ] as const)
      expect([host, await ask(host, path)]).toEqual([host, "one none"]);
    expect(await ask("www.example.com", "/b")).toContain("No Worker answers");
    expect(await ask("shop.localhost")).toContain("No Worker answers");

    await config("shop", { workers_dev: false, routes: ["www.example.com/a*", domain] });
    await wrangler.ok("triggers deploy --config shop.json");
    expect(await ask("b.example.com")).toContain("No Worker answers");
    expect(await ask("www.example.com", "/a")).toBe("one none");
    await config("caller", { routes: ["www.example.com/a*"] });
    expect(await wrangler.refused("deploy --config caller.json")).toContain(
      'Can\'t deploy routes that are assigned to another worker. "shop" is already assigned to routes: - www.example.com/a*',
    );
  });

  it("previews a version that is not deployed, at the addresses that it names", async () => {
    await wrangler.write("previewed.js", code("one"));
    await config("previewed", { preview_urls: true });
    await wrangler.ok("deploy --config previewed.json");
    await wrangler.write("previewed.js", code("two"));
    const said = await wrangler.ok("versions upload --preview-alias next --config previewed.json");
    const named = [...said.matchAll(/Preview(?: Alias)? URL: https:\/\/([^\s:]+)/g)].map(([, host]) => host ?? "");
    expect(named).toEqual([
      expect.stringMatching(/^[0-9a-f]{8}-previewed\./),
      expect.stringMatching(/^next-previewed\./),
    ]);
    for (const host of named) expect([host, await ask(host)]).toEqual([host, "two none"]);
    expect(await ask("previewed.localhost")).toBe("one none");
  });

  it("says why a Worker cannot start, and the one before goes on", async () => {
    await wrangler.write("shop.js", 'throw new TypeError("broken at its start"); export default {};');
    const said = await wrangler.refused("deploy --config shop.json");
    expect(said).toContain("TypeError: broken at its start");
    expect(said).toContain("[code: 10021]");
    expect(await ask("shop.example.com")).toBe("one none");
  });

  it("asks before a rollback to other secrets", async () => {
    const { client, accountId: account_id } = wrangler.test;
    const { secrets, deployments } = client.workers.scripts;
    await secrets.update("shop", { account_id, name: "SECRET", text: "shh", type: "secret_text" });
    expect(await ask("shop.example.com")).toBe("one shh");
    const list = (await deployments.list("shop", { account_id })) as unknown as {
      result: { deployments: { versions: { version_id: string }[] }[] };
    };
    const version = list.result.deployments[0]?.versions[0]?.version_id;
    await secrets.delete("SECRET", { account_id, script_name: "shop" });
    expect(await ask("shop.example.com")).toBe("one none");
    const back = await wrangler.run(`rollback ${version} --message back --yes --config shop.json`);
    expect([back.code, back.text]).toEqual([0, expect.stringMatching(/secrets have changed since[\s\S]*\* SECRET/)]);
    expect(await ask("shop.example.com")).toBe("one shh");
  });

  it("deletes a Worker that others use when it is told to", async () => {
    const { client, accountId: account_id } = wrangler.test;
    const { id } = await client.workers.beta.workers.create({ account_id, name: "user" } as never);
    await client.workers.beta.workers.versions.create(id, {
      account_id,
      main_module: "index.js",
      modules: [esModule("index.js", "export default { fetch: (request, env) => env.SHOP.fetch(request) };")],
      bindings: [{ type: "service", name: "SHOP", service: "shop" }],
      compatibility_date: "2026-07-01",
    } as never);
    await wrangler.ok("delete --name shop --force --config shop.json");
    for (const host of ["shop.example.com", "www.example.com"])
      expect(await ask(host, "/a")).toContain("No Worker answers");
  });
});
