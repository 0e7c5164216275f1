import { execFile } from "node:child_process";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { shellBlocks, textOf } from "../docs/blocks";
import { Project } from "../e2e/support/project";
import type { FleetReport } from "../../infra/fleet/run/report";

jest.setTimeout(300_000);

/** What docs/guides/fleet.md says is what is run here, with what a test cannot have put in another way. */
const [UP = "", RESUME = "", PROMOTE = ""] = shellBlocks(textOf("docs/guides/fleet.md"));

const project = new Project();
afterAll(() => project.remove());

function shop(slug: string): void {
  cpSync(path.join(project.dir, "stores/moss-and-kettle"), path.join(project.dir, "stores", slug), { recursive: true });
  const settings = ["environment: shop", "pool: { size: 1 }", "budget: { monthlyUsd: 50 }", `stores: [${slug}]`];
  const file = path.join(project.dir, `Pulumi.shop-${slug}.yaml`);
  writeFileSync(file, `config:\n${settings.map((line) => `  wandstore:${line}\n`).join("")}`);
}

interface Said {
  readonly code: number | null;
  readonly report: FleetReport & { readonly counts: Record<string, number> };
  readonly stderr: string;
}

function carryOut(block: string): Promise<Said> {
  const command = block.replace("npm run -s wandstore --", `"${process.execPath}" bin/wandstore.js`).trim();
  return new Promise((resolve) => {
    const options = { cwd: project.dir, timeout: 200_000, env: { ...process.env, ...project.env } };
    execFile("bash", ["-c", `exec ${command} --json`], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : null;
      resolve({ code, report: JSON.parse(stdout) as Said["report"], stderr });
    });
  });
}

const states = ({ report }: Said): string[] =>
  report.shops.map(({ stack, wave, state }) => `${stack.slice(5)} in wave ${wave}: ${state}`);

test("shops in waves: one that fails stops the run, it is resumed, and all get the image that one has verified", async () => {
  for (const slug of ["alder", "birch", "cedar"]) shop(slug);
  const manifest = path.join(project.dir, "stores/birch/store.yaml");
  const whole = readFileSync(manifest, "utf8");
  writeFileSync(manifest, whole.replace(/^currency: .*$/m, "currency: shells"));

  const first = await carryOut(UP);
  expect([first.code, first.stderr]).toEqual([1, expect.stringContaining("Stopping: 1 shop failed, and 0 may")]);
  expect(states(first)).toEqual(["alder in wave 1: done", "birch in wave 2: failed", "cedar in wave 3: not started"]);
  expect(first.report.shops[1]?.error).toMatchObject({ stage: "deploy", message: expect.stringMatching(/currency/) });
  const [alder] = first.report.shops;
  expect(alder).toMatchObject({
    build: expect.stringMatching(/^[0-9a-f]{12}$/),
    address: expect.stringMatching(/alder/),
  });

  const looked = await carryOut("npm run -s wandstore -- shop preview --all --local");
  expect([looked.code, states(looked)]).toEqual([
    3,
    ["alder in wave 1: done", "birch in wave 1: failed", "cedar in wave 1: done"],
  ]);

  writeFileSync(manifest, whole);
  const second = await carryOut(RESUME);
  expect([second.code, states(second)]).toEqual([
    0,
    ["alder in wave 1: done before", "birch in wave 2: done", "cedar in wave 3: done"],
  ]);
  const folder = path.join(project.dir, ".wandstore/fleet");
  const ups = readdirSync(folder).filter((name) => !name.includes("-preview."));
  const [journal, report, ...more] = ups.toSorted();
  expect([journal, report, more]).toEqual([
    expect.stringMatching(/-up\.jsonl$/),
    expect.stringMatching(/-up\.report\.json$/),
    [],
  ]);
  expect(JSON.parse(readFileSync(path.join(folder, report!), "utf8"))).toEqual(second.report);

  const third = await carryOut(PROMOTE.replace("staging", "shop-alder --local"));
  expect([third.code, third.report.counts["done"]]).toEqual([0, 3]);
  expect(third.report.image).toEqual({
    ref: expect.stringMatching(/wandstore-generator@sha256:[0-9a-f]{64}$/),
    buildId: alder!.build,
  });
  // The image that was built here is no resource of theirs any more; all else stays as it was.
  expect(third.report.shops.map(({ summary }) => summary?.["create"])).toEqual([0, 0, 0]);
});
