import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildSync } from "esbuild";
import { BUILD_ID_LABEL, bundleGenerator, type GeneratorContext } from "../../infra/bundle/generator";
import { readDockerfile } from "../../local/deploy/image/dockerfile";
import { canonicalBody, MODEL_TITLE } from "../runtime/container/fixtures";
import { itIf } from "../support/skip";
import { baseImage, docker, dockerBuild, dockerLogs, ENGINE } from "./engine";

jest.setTimeout(240_000);

const ROOT = path.resolve(__dirname, "../..");
const DOCKERFILE = path.join(ROOT, "images/generator/Dockerfile");
const PREFIX = `wandstore-test-${process.pid}`;
const IMAGE = `${PREFIX}-generator`;
const itHere = itIf(ENGINE, "no Docker engine answers here");

const folder = mkdtempSync(path.join(tmpdir(), "wand-image-"));
let context: GeneratorContext;
let base: string;
const containers: string[] = [];

const onBase = (): string[] => ["--build-arg", `BASE_IMAGE=${base}`];

/** Starts a container of the image; its memory and its rights are those of the smallest instance, or less. */
async function start(name: string, args: readonly string[], command: readonly string[] = []): Promise<string> {
  containers.push(`${PREFIX}-${name}`);
  const limits = ["--read-only", "--memory", "256m", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"];
  return docker(["run", "-d", "--name", `${PREFIX}-${name}`, ...limits, ...args, IMAGE, ...command]);
}

/** Runs JavaScript in a container, and gives what it prints. */
const inside = (name: string, code: string): Promise<string> =>
  docker(["exec", `${PREFIX}-${name}`, "node", "-e", code]);
const inspect = (name: string, format: string): Promise<string> =>
  docker(["inspect", "--format", format, `${PREFIX}-${name}`]);

/** Asks again until the answer is good. */
async function until(what: string, good: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 60_000;
  while (performance.now() < end) if (await good()) return;
  throw new Error(`not within a minute: ${what}`);
}

let control: string;
beforeAll(async () => {
  if (!ENGINE) return;
  context = bundleGenerator(ROOT, folder);
  const { from } = readDockerfile(readFileSync(DOCKERFILE, "utf8"));
  base = await baseImage(from, `${PREFIX}-base`);
  console.info(base === from ? `built on ${from}` : `${from} cannot be pulled: built on this machine's own Node`);
  await dockerBuild(IMAGE, context.folder, onBase());

  const { outputFiles } = buildSync({
    entryPoints: [path.join(__dirname, "beside.ts")],
    bundle: true,
    write: false,
    minify: true,
    platform: "node",
    target: "node24",
  });
  await start("beside", ["--network", "none"], ["node", "-e", outputFiles[0]!.text]);
  await until("the model beside listens", async () => (await dockerLogs(`${PREFIX}-beside`)).stdout !== "");
  const said = JSON.parse((await dockerLogs(`${PREFIX}-beside`)).stdout) as { model: string; control: string };
  control = said.control;
  const providers = JSON.stringify([{ kind: "openai", model: "stub", baseUrl: said.model }]);
  await start("generator", [
    `--network=container:${PREFIX}-beside`,
    "--health-interval=1s",
    `--env=LLM_PROVIDERS=${providers}`,
    "--env=LLM_API_KEY=sk-stub",
    "--env=NODE_DEBUG_NATIVE=COMPILE_CACHE",
  ]);
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  if (!ENGINE) return;
  for (const name of containers) await docker(["rm", "-f", name]).catch(() => "");
  for (const name of [IMAGE, `${PREFIX}-broken`, `${PREFIX}-base`]) await docker(["image", "rm", name]).catch(() => "");
});

describe("the generator's image", () => {
  itHere("becomes healthy by its own check, on a read-only file system and 256 MiB", async () => {
    await until("healthy", async () => (await inspect("generator", "{{.State.Health.Status}}")) === "healthy");
    expect(await inspect("generator", "{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.Memory}}")).toBe(
      `true ${256 * 1024 ** 2}`,
    );
    await expect(inside("generator", `fs.writeFileSync("/app/x", "1")`)).rejects.toThrow("EROFS");
  });

  itHere("has one program in it and what V8 compiled of it: no packages, no sources", async () => {
    const files = JSON.parse(
      await inside("generator", `console.log(JSON.stringify(fs.readdirSync("/app", { recursive: true })))`),
    ) as string[];
    expect(files.filter((file) => !file.startsWith("compile-cache"))).toEqual(["server.js"]);
    await expect(inside("generator", `require("koa")`)).rejects.toThrow("Cannot find module 'koa'");
    const size = async (name: string): Promise<number> =>
      Number(await docker(["image", "inspect", "--format", "{{.Size}}", name]));
    const mib = (bytes: number): string => (bytes / 1024 ** 2).toFixed(1);
    const [all, below] = [await size(IMAGE), await size(base)];
    console.info(`the image has ${mib(all)} MiB, ${mib(all - below)} of them over its base`);
    expect(all - below).toBeLessThan(10 * 1024 ** 2);
  });

  itHere("runs as nobody in particular, who may change none of it", async () => {
    const status = await inside("generator", `console.log(fs.readFileSync("/proc/1/status", "utf8"))`);
    expect(/^Uid:\s+(\d+)/m.exec(status)?.[1]).toBe("1000");
    const mine = await inside(
      "generator",
      `console.log(fs.readdirSync("/app", { recursive: true }).concat(".").filter((f) => fs.statSync("/app/" + f).uid !== 0).join())`,
    );
    expect(mine).toBe("");
  });

  itHere("starts with the code that was compiled when it was built", async () => {
    const { stderr } = await dockerLogs(`${PREFIX}-generator`);
    expect(stderr).toMatch(/server\.js.*was accepted/);
  });

  itHere("answers /health with the build that its label names", async () => {
    const label = await inspect("generator", `{{index .Config.Labels "${BUILD_ID_LABEL}"}}`);
    expect(label).toBe(context.buildId);
    const health = await inside(
      "beside",
      `fetch("http://127.0.0.1:8080/health").then((r) => r.text()).then(console.log)`,
    );
    expect(JSON.parse(health)).toMatchObject({ status: "healthy", build_id: label, checks: { llm_api: "ok" } });
  });

  itHere("finishes the page under way on SIGTERM, and exits with 0", async () => {
    const code = `fetch("http://127.0.0.1:8080/generate", { method: "POST", headers: { "Content-Type": "application/json" },
      body: ${JSON.stringify(JSON.stringify(canonicalBody()))} }).then((r) => r.text()).then(console.log)`;
    const page = inside("beside", code);
    const say = (where: string): Promise<string> =>
      inside("beside", `fetch("${control}/${where}").then((r) => r.text()).then(console.log)`);
    await until("the model is asked", async () => (await say("asked")) === "1");
    await docker(["kill", "--signal", "TERM", `${PREFIX}-generator`]);
    const refused = `fetch("http://127.0.0.1:8080/health").then(() => console.log("answered"), () => console.log("refused"))`;
    await until("no new request is taken", async () => (await inside("beside", refused)) === "refused");
    expect(await inspect("generator", "{{.State.Running}}")).toBe("true");
    await say("answer");
    const { status, ui } = JSON.parse(await page) as { status: string; ui: { html: string } };
    expect([status, ui.html.includes(MODEL_TITLE)]).toEqual(["success", true]);
    expect(await docker(["wait", `${PREFIX}-generator`])).toBe("0");
  });

  itHere("is not built of a server that does not become healthy", async () => {
    const broken = path.join(folder, "broken");
    cpSync(context.folder, broken, { recursive: true });
    writeFileSync(path.join(broken, "server.js"), `throw new Error("this server is broken");`);
    await expect(dockerBuild(`${PREFIX}-broken`, broken, onBase())).rejects.toThrow(
      /RUN NODE_COMPILE_CACHE|non-zero code/,
    );
  });
});
