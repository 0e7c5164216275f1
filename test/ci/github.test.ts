import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { MARKER } from "../../bin/ci/comment/compose";
import { gitHub } from "../../bin/ci/github/api";
import { closeIssue, keepIssue } from "../../bin/ci/github/kept";
import { GitHubStub } from "./gitHubStub";
import { reportWith } from "./reports";
import { ciIn, type Ran } from "./run";

const ROOT = path.resolve(__dirname, "../..");
let stub: GitHubStub;
let folder: string;
const file = (name: string): string => path.join(folder, name);

beforeEach(async () => {
  stub = await GitHubStub.start();
  folder = mkdtempSync(path.join(tmpdir(), "wand-github-"));
  for (const stack of ["prod", "staging"]) {
    // Each artifact comes in a folder of its own.
    mkdirSync(file(`reports/preview-${stack}`), { recursive: true });
    writeFileSync(file(`reports/preview-${stack}/${stack}.json`), JSON.stringify(reportWith({ stack })));
  }
  writeFileSync(file("event.json"), JSON.stringify({ pull_request: { number: 7, head: { sha: "0a1b2c3d4e5f67" } } }));
  writeFileSync(file("summary.md"), "");
});
afterEach(async () => {
  await stub.close();
  rmSync(folder, { recursive: true, force: true });
});

const comment = (...args: string[]): Promise<Ran> =>
  ciIn(ROOT, ["comment", "--reports", file("reports"), ...args], {
    ...stub.env,
    GITHUB_EVENT_PATH: file("event.json"),
    GITHUB_STEP_SUMMARY: file("summary.md"),
  });
const FORBIDDEN = { status: 403, body: { message: "Resource not accessible by integration" } };

describe("ci:comment", () => {
  it("writes one comment, and the next time puts the new text in its place", async () => {
    stub.add("comments", `${MARKER} said by a stranger`);
    const first = await comment();
    expect([first.code, first.stdout]).toEqual([0, "written: https://github.example/2\n"]);
    writeFileSync(file("reports/preview-prod/prod.json"), JSON.stringify(reportWith({ unchanged: 99 })));
    const second = await comment();
    expect([second.code, second.stdout]).toEqual([0, "updated: https://github.example/2\n"]);
    expect(stub.comments).toHaveLength(2);
    expect(stub.comments[0]?.body).toContain("said by a stranger");
    expect(stub.comments[1]?.body).toContain("| `prod` | no change, 99 as they are |");
    expect(stub.comments[1]?.body).toContain("Previewed at `0a1b2c3d4e5f`.");
  });

  it("finds it behind a hundred others", async () => {
    for (let at = 0; at < 130; at += 1) stub.add("comments", `talk ${at}`);
    stub.add("comments", `${MARKER}\nold`, "github-actions[bot]");
    expect((await comment()).stdout).toMatch(/^updated/);
    expect(stub.comments).toHaveLength(131);
  });

  it("in a pull request of a fork ends on the page of the run", async () => {
    stub.answers.push({ status: 200, body: [] }, FORBIDDEN);
    const { code, stdout } = await comment();
    expect([code, stdout]).toEqual([0, "not allowed to comment; the preview is on the run's page\n"]);
    expect(readFileSync(file("summary.md"), "utf8")).toContain("### `prod`");
    expect(stub.comments).toHaveLength(0);
  });

  it("asks again when GitHub is in trouble, and never writes twice", async () => {
    stub.answers.push({ status: 502, body: {} });
    expect((await comment()).code).toBe(0);
    expect(stub.asked.filter((one) => one.startsWith("POST"))).toHaveLength(1);
    stub.answers.push({ status: 200, body: [] }, { status: 502, body: {} });
    const { code, stderr } = await comment();
    expect([code, stub.comments.length]).toEqual([1, 1]);
    expect(stderr).toMatch(/^error: GitHub answered POST \/repos\/acme\/shops\/issues\/7\/comments with 502/);
    expect(stderr).not.toContain("ghs_");
  });

  it("prints it where nobody is to be asked, and says what is missing where somebody is", async () => {
    const args = ["comment", "--reports", file("reports")];
    const printed = await ciIn(ROOT, [...args, "--print"]);
    expect([printed.code, printed.stdout.startsWith(MARKER)]).toEqual([0, true]);
    const nowhere = await ciIn(ROOT, args);
    expect([nowhere.code, nowhere.stderr]).toEqual([1, expect.stringMatching(/name it with --pr 12/)]);
    const nameless = await ciIn(ROOT, [...args, "--pr", "7"]);
    expect(nameless.stderr).toMatch(/set GITHUB_REPOSITORY and GITHUB_TOKEN/);
  });

  it("refuses a report that is none", async () => {
    writeFileSync(file("reports/preview-prod/prod.json"), '{"stack":"prod"}');
    expect(await comment()).toMatchObject({ code: 1, stderr: expect.stringMatching(/is no report of ci:preview/) });
    expect(stub.asked).toEqual([]);
  });
});

describe("an issue of drift", () => {
  const text = { marker: "<!-- wandstore:drift prod -->", author: "github-actions[bot]" };
  const body = `${text.marker}\npool changed`;

  it("is opened once, kept current, and closed", async () => {
    const api = gitHub(stub.env);
    expect(await keepIssue(api, "Drift", { ...text, body })).toMatchObject({ updated: false });
    expect(await keepIssue(api, "Drift", { ...text, body: `${body} more` })).toMatchObject({ updated: true });
    expect(stub.issues).toMatchObject([{ title: "Drift", body: `${body} more`, state: "open" }]);
    expect(await closeIssue(api, text)).toBe(true);
    expect(stub.issues).toMatchObject([{ state: "closed" }]);
    expect(await closeIssue(api, text)).toBe(false);
  });

  it("is no pull request, and none of another stack", async () => {
    stub.add("issues", body, "github-actions[bot]", { pull_request: {} });
    stub.add("issues", "<!-- wandstore:drift staging -->", "github-actions[bot]");
    expect(await closeIssue(gitHub(stub.env), text)).toBe(false);
    expect(stub.issues.map(({ state }) => state)).toEqual(["open", "open"]);
  });
});
