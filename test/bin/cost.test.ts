import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { main } from "../../bin/main";
import { Project } from "../e2e/support/project";

jest.setTimeout(120_000);

const TOKEN = "the-admin-token-of-the-tests";
const WINDOW = {
  from: "2026-11-14T00:00:00.000Z",
  to: "2026-11-21T00:00:00.000Z",
  sums: { pages_total: 700_000, generations_total: 7_000, model_usd_total: 70 },
};

/** What was said but the warnings that prices were read long ago: on a later day there are some. */
const withoutAge = (stderr: string): string => stderr.replace(/^warning: the prices of .*\n/gm, "");

describe("wandstore cost", () => {
  /** In this process, with this project's own stacks. */
  const run = async (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> => {
    const said = { stdout: "", stderr: "" };
    const spies = (["stdout", "stderr"] as const).map((stream) =>
      jest.spyOn(process[stream], "write").mockImplementation((text) => ((said[stream] += String(text)), true)),
    );
    try {
      return { code: await main(args), ...said };
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  };

  it("says what a stack costs from its file alone", async () => {
    const { code, stdout, stderr } = await run("cost", "-s", "prod");
    expect([code, withoutAge(stderr)]).toEqual([0, ""]);
    expect(stdout).toMatch(
      /^Stack prod, a month of 30 days, alone in its account, at list prices of \d{4}-\d\d-\d\d$/m,
    );
    expect(stdout).toMatch(/^Models +81\.60 +\d+ %$/m);
    expect(stdout).toMatch(/^Traffic: {2}10,000 pages shown and 1,000 made a day, assumed\.$/m);
  });

  it("as CSV is one row, as JSON one document with the lists of prices", async () => {
    const { stdout } = await run("cost", "-s", "staging", "--csv", "--new-shoppers", "10000");
    expect(parse(stdout, { columns: true })).toEqual([expect.objectContaining({ stack: "staging", models: "816.00" })]);
    const document = JSON.parse((await run("cost", "-s", "staging", "--json")).stdout) as Record<string, object[]>;
    expect(document).toMatchObject({
      currency: "USD",
      traffic: { source: "assumed", viewsPerDay: 10_000 },
      warnings: expect.any(Array),
    });
    for (const warning of document["warnings"]!) expect(warning).toMatch(/^the prices of /); // on a later day
    expect(document["prices"]![0]).toEqual({ name: "Workers", asOf: expect.any(String), source: expect.any(String) });
  });

  it("compares the scenarios of the first estimates", async () => {
    const { code, stdout } = await run("cost", "-s", "prod", "--scenarios", "--json");
    const { scenarios } = JSON.parse(stdout) as { scenarios: { seed: { total: number }; costs: object[] }[] };
    expect([code, scenarios.map(({ seed }) => seed.total), scenarios[0]!.costs.length]).toEqual([
      0,
      [2050, 780, 240],
      6,
    ]);
    expect((await run("cost", "-s", "prod", "--scenarios")).stdout).toMatch(/^new shoppers a day[\s\S]*^Models: /m);
    expect((await run("cost", "-s", "prod", "--scenarios", "--csv")).stdout.split("\n")).toHaveLength(1 + 18 + 1);
  });

  it.each([
    [["cost", "-s", "dev", "--views-per-day", "-5"], "BAD_TRAFFIC", /from 0 to 1,000,000,000; found "-5"/],
    [["cost", "-s", "dev", "--csv"], "USAGE", /--json and --csv contradict/],
    [["cost", "-s", "nowhere"], "STACK_NOT_FOUND", /Pulumi\.nowhere\.yaml/],
    [["cost", "-s", "prod", "--scenarios", "--measured"], "USAGE", /--scenarios have a traffic of their own/],
    [["shop", "cost", "../x"], "BAD_SLUG", /"\.\.\/x" cannot be the slug of a shop/],
    [["shop", "cost", "nobody"], "STACK_NOT_FOUND", /Pulumi\.shop-nobody\.yaml/],
    [["shop", "cost", "nobody", "--all"], "USAGE", /contradict each other/],
    [["shop", "cost", "--scenarios"], "USAGE", /of one shop: name it/],
  ])("refuses %j", async (args, code, message) => {
    const ended = await run(...args, "--json");
    expect([ended.code, JSON.parse(ended.stdout)]).toEqual([
      1,
      { error: { code, message: expect.stringMatching(message) } },
    ]);
  });
});

/** No cloud is needed: the project's files are. */
describe("wandstore cost, of a project's shops and of what runs", () => {
  const project = new Project();
  const file = (stack: string, text: string): void =>
    writeFileSync(path.join(project.dir, `Pulumi.${stack}.yaml`), `config:\n${text}`);
  const shop = (store: string): string => `  wandstore:environment: shop\n  wandstore:stores: [${store}]\n`;
  afterAll(() => project.remove());

  it("adds up the shops that there are, and leaves out what cannot be read", async () => {
    const none = await project.run("shop", "cost", "--json");
    expect([none.code, JSON.parse(none.stdout)]).toMatchObject([1, { error: { code: "NO_SHOPS" } }]);
    file("shop-acme", shop("magic-wands"));
    file("shop-tea", shop("moss-and-kettle"));
    const { code, stdout } = await project.run("shop", "cost", "--all", "--views-per-day", "500");
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^2 shops,[\s\S]*^acme +2\.50[\s\S]*^tea +2\.50[\s\S]*^all +5\.00/m),
    ]);

    file("shop-broken", `${shop("magic-wands")}  wandstore:pool: { size: 500 }\n`);
    const json = await project.run("shop", "cost", "--json");
    expect(json.code).toBe(1);
    expect(withoutAge(json.stderr)).toMatch(/^warning: left out: shop-broken: .*\n.*pool\.size: found 500/);
    const document = JSON.parse(json.stdout) as {
      shops: { shop: string; monthlyUsd: number }[];
      failed: object[];
      monthlyUsd: number;
    };
    expect(document.shops.map((one) => one.shop)).toEqual(["acme", "tea"]);
    expect(document.failed).toEqual([expect.objectContaining({ stack: "shop-broken", code: "CONFIG_INVALID" })]);
    const cents = document.shops.reduce((sum, one) => sum + Math.round(one.monthlyUsd * 100), 0);
    expect(cents).toBe(Math.round(document.monthlyUsd * 100));
  });

  describe("of what a real account's stack was seen to serve", () => {
    let server: Server;
    const asked: string[] = [];
    beforeAll(async () => {
      server = createServer((request, response) => {
        asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
        response.setHeader("cf-edge-url", address());
        const isWindow = request.url === "/metrics/window" && request.headers.authorization === `Bearer ${TOKEN}`;
        response.writeHead(isWindow ? 200 : 404, { "Content-Type": "application/json" });
        response.end(JSON.stringify(isWindow ? WINDOW : { success: false, errors: [], messages: [], result: null }));
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const bin = path.join(project.dir, "tools");
      mkdirSync(bin);
      const outputs = JSON.stringify({ defaultStorefront: `${address()}/s/magic-wands`, adminToken: TOKEN });
      writeFileSync(path.join(bin, "pulumi"), `#!/bin/sh\n[ "$6" = prod ] || exit 255\nprintf '%s' '${outputs}'\n`);
      chmodSync(path.join(bin, "pulumi"), 0o755);
      Object.assign(project.env, {
        PATH: `${bin}${path.delimiter}${process.env["PATH"]}`,
        CLOUDFLARE_ACCOUNT_ID: "0".repeat(32),
        CLOUDFLARE_API_TOKEN: "a-token-of-the-tests",
        CLOUDFLARE_BASE_URL: `${address()}/client/v4`,
      });
    });
    afterAll(() => new Promise((resolve) => server.close(resolve)));
    const address = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

    it("asks its Worker with its admin token, tells the time that it is of, and shows no secret", async () => {
      const { code, stdout, stderr } = await project.run("cost", "-s", "prod", "--measured");
      expect([code, withoutAge(stderr)]).toEqual([0, ""]);
      expect(stdout).toMatch(
        /100,000 pages shown and 1,000 made a day, measured from 2026-11-14 00:00 to 2026-11-21 00:00 UTC, 168 hours\./,
      );
      expect(stdout).toMatch(/^Models +300\.00/m);
      expect(asked.filter((line) => line.includes("/metrics/window"))).toEqual([`GET /metrics/window Bearer ${TOKEN}`]);
      expect(stdout + stderr).not.toContain(TOKEN);
    });

    it("says so where the stack is not deployed", async () => {
      const { code, stderr } = await project.run("cost", "-s", "staging", "--measured");
      expect([code, stderr]).toEqual([1, expect.stringMatching(/stack "staging" is not deployed.*by options/)]);
    });
  });
});
