import * as fc from "fast-check";
import { findObject } from "../../../runtime/container/generation/json";
import { readLayout, type LayoutLimits } from "../../../runtime/container/generation/layout";
import { salvageLayout, wholePartOfPage } from "../../../runtime/container/generation/partial";
import { WandError } from "../../../runtime/contract/errors";
import { LayoutSpecSchema } from "../../../runtime/contract/layout";

const answer = { sections: [{ type: "hero", config: { title: 'A "{quoted}" title, 3 ]' } }, [1, 2]] };
const good = JSON.stringify(answer);
const find = (text: string): unknown => findObject(text, "sections");

describe("the object in a model's answer", () => {
  it.each<[string, string]>([
    ["bare", good],
    ["behind a byte order mark", `\ufeff${good}`],
    ["in a fence", `\`\`\`json\n${good}\n\`\`\``],
    ["in a fence that is never closed", `\`\`\`\n${good}`],
    ["in the second fence", `\`\`\`\n{"draft":true}\n\`\`\`\nBetter:\n\`\`\`\n${good}\n\`\`\``],
    ["between words with brackets and quotes", `Use the {ids}, don't "{write} ${good} (all of {them}).`],
    ["twice", `${good}\n${good}`],
    ["behind thoughts that draft it", `<think>{"sections":[]} or so</think>\n${good}`],
    ["in another object", `{"layout":${good}}`],
    ["in a list", `[${good}]`],
    ["as a JSON string", JSON.stringify(good)],
    [
      "with commas behind the last ones",
      good.replace("}}", "},\n}").replace("[1,2]]", "[1, 2,] ,\n ]").replace(/}$/, " , }"),
    ],
  ])("is found %s", (_name, text) => {
    expect(find(text)).toEqual(answer);
  });

  it("may have line breaks and tabs inside of its texts", () => {
    expect(find('{"sections":["one\ntwo\tthree\r\n\\"four\\""]}')).toEqual({ sections: ['one\ntwo\tthree\r\n"four"'] });
  });

  it("has the fences and commas that are inside of its texts", () => {
    const text = JSON.stringify({ sections: ["```js\nx\n```", "a,]", "b, }"] });
    expect(find(text)).toEqual(JSON.parse(text));
  });

  it("has no prototype of the text's own", () => {
    const found = find('{"__proto__":{"polluted":1},"sections":[]}') as Record<string, unknown>;
    expect(found["polluted"]).toBeUndefined();
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it.each<[string, string]>([
    ["nothing", ""],
    ["words", "I'm sorry, I cannot do that."],
    ["null", "null"],
    ["a text that is quoted", '"sections"'],
    ["an object without the key", '{"html":"<p>"}'],
    ["half of it", good.slice(0, -1)],
    ["two commas", good.replace(",[1", ",,[1")],
    ["single quotes", good.replaceAll('"', "'")],
  ])("is not in %s", (_name, text) => {
    expect(find(text)).toBeUndefined();
  });
});

const LONG = 900_000; // characters; the longest answer has a million
const fill = (text: string): string => text.repeat(LONG / text.length);
const limits: LayoutLimits = { persona: "collector", productIds: new Set(["a"]) };
const template = LayoutSpecSchema.parse({
  version: 1,
  persona: "collector",
  sections: [{ type: "grid", id: "grid", config: { product_ids: ["a"] } }],
});

/** A hundred times what it takes; what grows with the square of the length takes minutes, and stops every other page meanwhile. */
const GENEROUS_MS = 30_000;

/** Everything that is done with a text that is no answer. */
function readEverything(text: string): void {
  const began = performance.now();
  expect(() => readLayout(text, limits)).toThrow(WandError);
  expect(() => salvageLayout(text, limits, template)).not.toThrow();
  expect(() => wholePartOfPage(text)).not.toThrow();
  expect(performance.now() - began).toBeLessThan(GENEROUS_MS);
}

describe("a text of the longest kind that is no answer", () => {
  it.each<[string, string]>([
    ["a fence and white space", `\`\`\`${fill(" ")}`],
    ["a key and white space", `{"sections"${fill(" ")}`],
    ["fences", fill("```json ")],
    ["opening brackets", fill("{")],
    ["square ones", `{"sections":${fill("[")}`],
    ["both, with quotes", `{"sections":${fill('[{"')}`],
    ["objects a hundred thousand deep", `{"sections":${fill('{"a":')}`],
    ["lists a hundred thousand deep, all closed", `{"sections":[${"[".repeat(100_000)}${"]".repeat(100_000)}]}`],
    ["objects a hundred thousand deep, all closed", `{"sections":[${'{"a":'.repeat(1e5)}1${"}".repeat(1e5)}]}`],
    ["backslashes", `{"sections":["${fill("\\")}`],
    ["keys and white space", fill(`"sections"${" ".repeat(90)}`)],
    ["unclosed elements", `{"html":"${fill("</section ")}`],
  ])("is read to its end: %s", (_name, text) => readEverything(text));
});

it("whatever a model makes of a good answer, nothing but a refusal is thrown", () => {
  const whole = JSON.stringify({
    sections: [
      { type: "hero", id: "hero_main", config: { title: "T", cta_text: "Go", style: "quiet" } },
      { type: "grid", id: "grid_main", config: { product_ids: ["a", "b"], columns: 2 } },
    ],
  });
  const piece = fc.oneof(
    fc.constantFrom(...'{}[],:"\\`\n\u0000', "null", "1e999", "```", '"sections":', '{"type":"hero"}', "\ud800"),
    fc.string({ unit: "binary", maxLength: 3 }),
  );
  const place = fc.nat(whole.length);
  fc.assert(
    fc.property(fc.array(fc.tuple(place, fc.nat(4), piece), { maxLength: 6 }), (edits) => {
      let text = whole;
      for (const [at, length, put] of edits) text = text.slice(0, at) + put + text.slice(at + length);
      try {
        readLayout(text, limits);
      } catch (error) {
        expect(error).toBeInstanceOf(WandError);
      }
      salvageLayout(text, limits, template);
      wholePartOfPage(text);
    }),
    { numRuns: 500 },
  );
});
