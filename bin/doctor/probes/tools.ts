import { existsSync } from "node:fs";
import path from "node:path";
import type { Use } from "../use";
import { finding, type Finding } from "../finding";
import { ask, findProgram, isAtLeast, readJson, type World } from "../world";

/** Where Debian and others put a Chromium. */
const CHROMIUMS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
/** The oldest that this project was deployed with. */
const OLDEST_PULUMI = [3, 255];
const PLUGINS = ["cloudflare", "docker", "random"];

/** A browser, which only tests and screenshots use. */
export async function chromium(world: World): Promise<Finding> {
  const program = [world.env.CHROMIUM_PATH, ...CHROMIUMS].find(
    (file) => file !== undefined && file !== "" && existsSync(file),
  );
  const answer =
    program === undefined ? undefined : await ask(world, program, ["--version", "--headless", "--no-sandbox"]);
  return finding(
    { name: "Chromium", for: "tests in a browser (npm test skips them without)", needed: false },
    {
      ok: answer?.ok === true,
      found: answer === undefined ? "not found" : answer.ok ? answer.text : `${program} ${answer.why}`,
      get: "apt install chromium, or set CHROMIUM_PATH to one",
    },
  );
}

/** The client and the engine it talks to: either may be there without the other. */
export async function docker(world: World, use: Use): Promise<Finding[]> {
  const needed = use.stack !== undefined && !use.stack.embedded && !use.stack.hasImage;
  const reason = needed
    ? "building the generator's image: the stack names none"
    : "building the generator's image for a real account";
  const program = findProgram(world, "docker");
  const client =
    program === undefined ? undefined : await ask(world, program, ["version", "--format", "{{.Client.Version}}"]);
  const engine =
    program === undefined ? undefined : await ask(world, program, ["version", "--format", "{{.Server.Version}}"]);
  const what = { for: reason, needed };
  // Without an engine the client tells its own version, and ends with an error.
  const hasClient = client !== undefined && (client.ok || !/not found|ENOENT|EACCES/.test(client.why));
  return [
    finding(
      { name: "Docker client", ...what },
      {
        ok: hasClient,
        found:
          client === undefined
            ? "no docker on the PATH"
            : client.ok
              ? client.text
              : hasClient
                ? "is there"
                : client.why,
        get: "install Docker, or set wandstore:image.ref to an image that was built elsewhere",
      },
    ),
    finding(
      { name: "Docker engine", ...what },
      {
        ok: engine?.ok === true,
        found: engine === undefined ? "no client to ask it with" : engine.ok ? `${engine.text} answers` : engine.why,
        get: "start it (systemctl start docker, or Docker Desktop)",
      },
    ),
  ];
}

/** The CLI, and the plugins that it would download at the first deployment. */
export async function pulumi(world: World, use: Use): Promise<Finding[]> {
  const needed = use.stack !== undefined && !use.stack.embedded;
  const what = { name: "Pulumi CLI", for: "deploying to a real account, and its drift", needed };
  const get = "https://www.pulumi.com/docs/install";
  const program = findProgram(world, "pulumi");
  if (program === undefined) return [finding(what, { ok: false, found: "no pulumi on the PATH", get })];
  const [version, listed] = await Promise.all([
    ask(world, program, ["version"]),
    ask(world, program, ["plugin", "ls", "--json"]),
  ]);
  const ok = version.ok && isAtLeast(version.text, OLDEST_PULUMI);
  const old = `${version.ok ? version.text : ""} is older than ${OLDEST_PULUMI.join(".")}, the oldest that is known to work`;
  const cli = finding(
    { ...what, needed: needed && !version.ok },
    { ok, found: ok ? version.text : version.ok ? old : version.why, get },
  );
  return [cli, ...PLUGINS.map((name) => plugin(world, name, listed.ok ? listed.text : "[]"))];
}

function plugin(world: World, name: string, listed: string): Finding {
  const lock = readJson(path.join(world.root, "package-lock.json")) as
    | { packages?: Record<string, { version?: string }> }
    | undefined;
  const wanted = lock?.packages?.[`node_modules/@pulumi/${name}`]?.version ?? "unknown";
  const versions = versionsIn(listed, name);
  const onPath = findProgram(world, `pulumi-resource-${name}`) !== undefined;
  const others = versions.length === 0 ? "not installed" : `${versions.join(", ")}, not ${wanted}`;
  return finding(
    { name: `Pulumi plugin ${name}`, for: "deploying to a real account", needed: false },
    {
      ok: versions.includes(wanted) || onPath,
      found: onPath
        ? "on the PATH, which Pulumi takes whatever its version is"
        : versions.includes(wanted)
          ? wanted
          : others,
      get: `the first deployment downloads it; or pulumi plugin install resource ${name} ${wanted}`,
    },
  );
}

function versionsIn(listed: string, name: string): string[] {
  try {
    const plugins = JSON.parse(listed) as { name: string; version?: string }[] | null;
    return (plugins ?? []).flatMap((one) =>
      one.name === name && one.version !== undefined ? [one.version.replace(/^v/, "")] : [],
    );
  } catch {
    return [];
  }
}
