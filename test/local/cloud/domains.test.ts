import { atEdge, esModule, refusal, startTestCloud, type TestCloud } from "./support";

describe("Zones and custom domains in the embedded cloud", () => {
  let test: TestCloud;
  let account_id: string;

  beforeAll(async () => {
    test = await startTestCloud();
    account_id = test.accountId;
    for (const name of ["one", "two"]) {
      const { id } = await test.client.workers.beta.workers.create({ account_id, name } as never); // workers.dev is off
      await test.client.workers.beta.workers.versions.create(id, {
        account_id,
        main_module: "index.js",
        modules: [esModule("index.js", `export default { fetch: () => new Response("${name}") }`)],
        compatibility_date: "2026-01-01",
        deploy: true,
      } as never);
    }
  }, 60_000);
  afterAll(async () => {
    await test.stop();
    expect(test.problems).toEqual([]);
  });

  const domains = (rest = "") => `/accounts/${account_id}/workers/domains${rest}`;
  const attach = (body: object) => test.api("PUT", domains(), body);
  const ask = (host: string) => atEdge(test.cloud.edgeUrl, host);
  interface Domain {
    id: string;
    hostname: string;
    service: string;
    environment: string;
    zone_id: string;
    zone_name: string;
    cert_id: string;
  }

  it("owns example.com from the start, takes other zones, and refuses one twice", async () => {
    const named = await test.client.zones.list({ name: "example.com" });
    expect(named.result).toMatchObject([{ name: "example.com", status: "active", account: { id: account_id } }]);
    const id = named.result[0]?.id ?? "";
    expect(await test.client.zones.get({ zone_id: id })).toMatchObject({ id, name: "example.com" });
    expect(await refusal(test.client.zones.get({ zone_id: "0".repeat(32) }))).toMatchObject({ code: 1001 });

    const create = (name: string) => test.client.zones.create({ account: { id: account_id }, name });
    const { id: added } = await create("shop.example.com");
    expect((await test.client.zones.list({ name: "shop.example.com" })).result[0]?.id).toBe(added);
    expect(await refusal(create("example.com"))).toMatchObject({ code: 1061, message: "example.com already exists" });
    expect(await refusal(create("not a zone"))).toMatchObject({ status: 400 });
    await test.restart();
    const names = (await test.client.zones.list()).result.map(({ name }) => name);
    expect(names.toSorted()).toEqual(["example.com", "shop.example.com"]);
  });

  it("answers at an attached host name, and says of it the same every time it is read", async () => {
    expect((await ask("www.example.com")).status).toBe(404);
    const { status, body } = await attach({ hostname: "www.example.com", service: "one" });
    const made = body.result as Domain;
    expect(status).toBe(200);
    expect(made).toMatchObject({ hostname: "www.example.com", service: "one", environment: "production" });
    expect(made.zone_name).toBe("example.com");
    expect(await ask("www.example.com")).toEqual({ status: 200, text: "one" });
    expect(await ask("WWW.example.com:80")).toEqual({ status: 200, text: "one" });
    expect((await ask("example.com")).status).toBe(404);
    expect((await ask("a.www.example.com")).status).toBe(404);

    await test.restart();
    expect((await test.api("GET", domains(`/${made.id}`))).body.result).toEqual(made);
    expect((await test.api("GET", domains("?service=one&zone_name=example.com"))).body.result).toEqual([made]);
    expect((await test.api("GET", domains("?service=two"))).body.result).toEqual([]);
    const worker = await test.client.workers.beta.workers.get("one", { account_id });
    expect(worker.references.domains).toEqual([
      {
        id: made.id,
        hostname: "www.example.com",
        certificate_id: made.cert_id,
        zone_id: made.zone_id,
        zone_name: "example.com",
      },
    ]);

    const moved = (await attach({ hostname: "www.example.com", service: "two", zone_name: "example.com" })).body.result;
    expect(moved).toEqual({ ...made, service: "two" });
    expect((await ask("www.example.com")).text).toBe("two");
    await test.api("DELETE", domains(`/${made.id}`));
    expect((await ask("www.example.com")).status).toBe(404);
    expect((await test.api("GET", domains(`/${made.id}`))).status).toBe(404);
  }, 60_000);

  it("takes the nearest zone where none is named", async () => {
    const { body } = await attach({ hostname: "a.shop.example.com", service: "one" });
    expect(body.result).toMatchObject({ zone_name: "shop.example.com" });
    expect((await attach({ hostname: "shop.example.com", service: "one", zone_name: "example.com" })).status).toBe(200);
  });

  it("refuses host names outside of any zone, unknown Workers, and names that are none", async () => {
    const zones = (await test.client.zones.list({ name: "shop.example.com" })).result;
    const cases: [object, number, number][] = [
      [{ hostname: "www.example.org", service: "one" }, 400, 10083],
      [{ hostname: "www.myexample.com", service: "one" }, 400, 10083],
      [{ hostname: "www.example.com", service: "one", zone_id: zones[0]?.id }, 400, 10083],
      [{ hostname: "www.example.com", service: "one", zone_id: "0".repeat(32) }, 400, 10083],
      [{ hostname: "www.example.com", service: "one", zone_name: "example.org" }, 400, 10083],
      [{ hostname: "www.example.com", service: "none" }, 404, 10007],
      [{ hostname: "www.example.com/*", service: "one" }, 400, 10021],
      [{ hostname: "*.example.com", service: "one" }, 400, 10021],
      [{ hostname: "localhost", service: "one" }, 400, 10021],
      [{ hostname: "www.example.com" }, 400, 10021],
    ];
    for (const [body, status, code] of cases) {
      const refused = await attach(body);
      expect([body, refused.status, refused.body.errors[0]?.code]).toEqual([body, status, code]);
    }
    expect((await test.api("POST", domains(), { hostname: "www.example.com", service: "one" })).status).toBe(405);
    expect((await ask("www.example.com")).status).toBe(404);
  });

  it("lets a Worker's host names go with it", async () => {
    await attach({ hostname: "gone.example.com", service: "two" });
    await test.client.workers.scripts.delete("two", { account_id });
    expect((await ask("gone.example.com")).status).toBe(404);
    expect((await test.api("GET", domains("?hostname=gone.example.com"))).body.result).toEqual([]);
  });
});
