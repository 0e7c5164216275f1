import type { Command } from "commander";
import { program } from "../../bin/main";
import { scripts } from "../../package.json";
import { inlineCode, PAGES, shellBlocks, textOf } from "./blocks";

const wandstore = program();

/** What is wrong with the words after `wandstore`, or undefined. Placeholders such as `<share>` and `…` end the reading. */
function problemOf(words: readonly string[]): string | undefined {
  let command: Command = wandstore;
  for (const word of words) {
    if (/^[<{…|#;&>]/.test(word)) return undefined;
    const inner = command.commands.find((one) => one.name() === word);
    if (inner !== undefined) command = inner;
    else if (word.startsWith("-")) {
      const [flag] = word.split("=");
      const known = [...command.options, ...wandstore.options].some(
        ({ short, long }) => flag === short || flag === long,
      );
      if (!known && flag !== "--help") return `${command.name()} has no option ${flag}`;
    } else if (command === wandstore) return `there is no command "${word}"`;
  }
  return undefined;
}

/** Commands of ours in a line of shell or a piece of inline code, with their words. */
function commandsIn(line: string): { kind: "npm run" | "wandstore"; words: string[] }[] {
  const found = [...line.matchAll(/\bnpm run (?:-s )?([\w:-]+)(?: -- ([^\n`]*))?/g)].map(([, script = "", rest = ""]) =>
    script === "wandstore"
      ? { kind: "wandstore" as const, words: rest.trim().split(/\s+/) }
      : { kind: "npm run" as const, words: [script] },
  );
  const bare = /^wandstore ([a-z][^\n]*)$/.exec(line.trim());
  return bare === null ? found : [...found, { kind: "wandstore", words: bare[1]!.split(/\s+/) }];
}

const cases = PAGES.flatMap((page) => {
  const text = textOf(page);
  const lines = [...inlineCode(text), ...shellBlocks(text).flatMap((block) => block.split("\n"))];
  return lines.flatMap(commandsIn).map((command) => [page, command.words.join(" "), command] as const);
});

describe("a command in the documentation", () => {
  it("is found in many places", () => {
    expect(cases.length).toBeGreaterThan(30);
  });

  it.each(cases)("in %s is one that there is: %s", (_page, _shown, { kind, words }) => {
    if (kind === "npm run") expect(Object.keys(scripts)).toContain(words[0]);
    else expect(problemOf(words)).toBeUndefined();
  });

  it.each([
    ["wandstore upp", 'there is no command "upp"'],
    ["wandstore up --stak dev", "up has no option --stak"],
    ["wandstore kv list --froom x", "list has no option --froom"],
  ])("that is not there is seen: %s", (line, problem) => {
    expect(problemOf(commandsIn(line)[0]!.words)).toBe(problem);
  });
});
