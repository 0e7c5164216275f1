import { existsSync } from "node:fs";
import path from "node:path";
import { DURABLE_OBJECTS } from "../../runtime/contract/bindings";
import { ROOT, textOf } from "./blocks";

const rules = jest.requireActual<{ forbidden: { name: string }[] }>("../../.dependency-cruiser.js");
const text = textOf("docs/architecture.md");

/** What each room may import, as the page's table says it. */
const told = Object.fromEntries(
  [...text.matchAll(/^\| `([\w/]+)` \| .* \| ([^|]*) \|$/gm)].map(([, room = "", imports = ""]) => [
    room,
    [...imports.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  ]),
);
/** The same, as the rules' names say it: "room reaches only a, b". */
const held = Object.fromEntries(
  rules.forbidden
    .map(({ name }) => /^(.+) reaches only (.+)$/.exec(name))
    .filter((match) => match !== null)
    .map(([, room = "", allowed = ""]) => [room, allowed === "itself" ? [] : allowed.split(", ")]),
);
/** The drawings: what is indented by four. */
const drawings = text
  .split("\n")
  .filter((line) => /^ {4}/.test(line))
  .join("\n");

describe("the page on the architecture", () => {
  it("has a row for each room, with exactly what it may import", () => {
    expect(Object.keys(held).length).toBeGreaterThan(15);
    expect(told).toEqual(held);
  });

  it("draws only what there is", () => {
    const drawn = [...drawings.matchAll(/\b(?:infra|runtime|local|policies|bin)\/[\w/]+/g)].map(([name]) => name);
    expect(new Set(drawn).size).toBeGreaterThan(5);
    const isThere = (name: string) => existsSync(path.join(ROOT, name)) || existsSync(path.join(ROOT, `${name}.ts`));
    expect(drawn.filter((name) => !isThere(name))).toEqual([]);
    const classes = [...drawings.matchAll(/\b(\w+) \(Durable Object/g)].map(([, name]) => name);
    expect(classes.length).toBeGreaterThan(1);
    expect(classes.filter((name) => !Object.values(DURABLE_OBJECTS).includes(name as never))).toEqual([]);
  });
});
