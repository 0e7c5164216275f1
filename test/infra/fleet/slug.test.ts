import * as fc from "fast-check";
import { namesIn } from "../../../infra/fleet/collisions";
import { checkSlug, LONGEST_SLUG, slugOf, stackOf } from "../../../infra/fleet/slug";
import { namesOf } from "../../../infra/naming";
import { STORE_SLUG_PATTERN } from "../../../runtime/contract/store";

const isSlug = (text: string): boolean => slugOf(stackOf(text)) === text;

test.each(["tea-house", "a1", "1a", "x".repeat(LONGEST_SLUG), "con-fection", "prod-uce", "allsorts", "com10"])(
  "%s can be the slug of a shop",
  (slug) => {
    expect(checkSlug(slug)).toBe(slug);
  },
);

test.each([
  ["../x", "single hyphens"],
  ["..", "single hyphens"],
  [".", "2 are the least"],
  ["", "no letters"],
  ["-a", "such as tea-house"],
  ["--all", "the slug"],
  ["a-", "single hyphens"],
  ["a--b", "such as a-b"],
  ["a/b", "such as a-b"],
  ["a\\b", "such as a-b"],
  ["a\0b", "not plain ASCII"],
  ["a\nb", "not plain ASCII"],
  ["Tea House", "such as tea-house"],
  ["A", "2 are the least"],
  ["TEA", "such as tea"],
  ["x".repeat(LONGEST_SLUG + 1), "32 letters, and 31 are the most"],
  ["x".repeat(300), "300 letters"],
  ["café", "such as cafe"],
  ["cafe\u0301", "such as cafe"], // the same letters in another normal form
  ["ｔｅａ", "such as tea"], // wide letters
  ["теа", "not plain ASCII"], // Cyrillic
  ["te\u200Ba", "not plain ASCII"], // a space of no width
  ["\u202Eaet", "not plain ASCII"], // turns the direction of what follows
  ["ﬁne", "such as fine"], // a ligature
  ["İstanbul", "such as istanbul"],
  ["🍵🍵", "such as tea-house"],
  ["store.yaml", "such as store-yaml"],
  ["all", "every shop"],
  ["dev", "stack dev"],
  ["prod", "stack prod"],
  ["con", "Windows"],
  ["lpt1", "Windows"],
])("%j is refused, with why and what to choose", (slug, says) => {
  const message = messageOf(slug);
  expect(message).toContain("cannot be the slug of a shop");
  expect(message).toContain(says);
  expect(message).toMatch(/^[\x20-\x7E…]+$/); // nothing in it moves a cursor, or turns a line
  expect(message.length).toBeLessThan(300);
});

test("whatever is refused, what is proposed instead is accepted", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "grapheme", maxLength: 60 }), fc.string({ maxLength: 400 })), (text) => {
      if (isSlug(text)) return;
      const [, proposed = ""] = /, such as (\S+)$/.exec(messageOf(text)) ?? [];
      expect([text, isSlug(proposed)]).toEqual([text, true]);
    }),
  );
});

const letters = fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz0123456789-");
/** Slugs among which a collision would be: parts of names are in them, and one begins like the other. */
const slugs = fc
  .oneof(
    fc.string({ unit: letters, minLength: 2, maxLength: LONGEST_SLUG }),
    fc
      .array(fc.constantFrom("a", "b", "ui", "cache", "generated", "generated-ui", "stores", "db", "queue", "shop"), {
        minLength: 1,
        maxLength: 5,
      })
      .map((parts) => parts.join("-")),
  )
  .filter(isSlug);

test("no two shops call anything alike in an account, and no shop calls anything as another stack does", () => {
  fc.assert(
    fc.property(
      slugs,
      fc.oneof(slugs.map(stackOf), fc.constantFrom("dev", "staging", "prod", "shop")),
      (one, other) => {
        if (stackOf(one) === other) return;
        const taken = new Set(namesIn(namesOf(other)));
        expect(namesIn(namesOf(stackOf(one))).filter((name) => taken.has(name))).toEqual([]);
      },
    ),
    { numRuns: 2_000 },
  );
});

test("a shop's own things have all different names, none too long for where it stands", () => {
  fc.assert(
    fc.property(slugs, (slug) => {
      const names = namesIn(namesOf(stackOf(slug)));
      expect(new Set(names).size).toBe(names.length);
      expect(names.filter((name) => name.length > 63)).toEqual([]); // a DNS label; buckets and Workers take no more
      expect(slug).toMatch(STORE_SLUG_PATTERN);
    }),
  );
});

test("stacks that are no shop's have no slug", () => {
  expect(["dev", "shop", "shop-", "shop-A", "shop-con", "xshop-acme", "shop-a--b"].map(slugOf)).toEqual(
    Array.from({ length: 7 }, () => undefined),
  );
  expect(slugOf("shop-acme")).toBe("acme");
});

function messageOf(slug: string): string {
  try {
    checkSlug(slug);
  } catch (error) {
    expect(error).toMatchObject({ name: "FleetError", code: "BAD_SLUG" });
    return (error as Error).message;
  }
  throw new Error(`${JSON.stringify(slug)} was accepted`);
}
