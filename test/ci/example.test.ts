import { readFileSync } from "node:fs";
import path from "node:path";
import { program } from "../../bin/ci/main";
import { exampleComment } from "./example";
import { ROOT, scriptsOf } from "./workflows";

const guide = readFileSync(path.join(ROOT, "docs/guides/ci.md"), "utf8");

it("the guide shows the comment as the script makes it", () => {
  const [, shown] = /````markdown\n([\s\S]*?)````/.exec(guide) ?? [];
  expect(shown).toBe(exampleComment());
});

it("the guide names every step there is, and none that is not", () => {
  const named = new Set([...guide.matchAll(/npm run (?:-s )?(ci:[a-z]+)/g)].map(([, script]) => script));
  const steps = scriptsOf().filter((script) => script.startsWith("ci:"));
  expect([...named].toSorted()).toEqual(steps.toSorted());
});

const blocks = [...guide.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, text = ""]) => text.trim().split("\n"));

it.each(blocks)("the guide's command has options that the step takes: %s", (line) => {
  const [, name, rest = ""] = /^npm run ci:(\w+) --( [^#]*)$/.exec(line.replace(/\s+#.*/, "")) ?? [];
  const step = program().commands.find((one) => one.name() === name);
  const known = step?.options.flatMap(({ short, long }) => [short, long]);
  const given = rest.split(" ").filter((word) => word.startsWith("-"));
  expect(given.length).toBeGreaterThan(0);
  for (const option of given) expect(known).toContain(option);
  const required = step?.options.filter(({ mandatory }) => mandatory) ?? [];
  for (const { short, long } of required) expect([short, long].some((one) => given.includes(one ?? ""))).toBe(true);
});
