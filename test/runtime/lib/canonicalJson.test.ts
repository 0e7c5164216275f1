import * as fc from "fast-check";
import { canonicalJson } from "../../../runtime/lib/canonicalJson";

describe("canonicalJson", () => {
  it("sorts keys at every depth and writes no white space", () => {
    expect(canonicalJson({ b: [{ d: 1, c: null }], a: "é\n", 10: true, 9: 1.5 })).toBe(
      '{"10":true,"9":1.5,"a":"é\\n","b":[{"c":null,"d":1}]}',
    );
  });

  it("leaves out members that are undefined, and knows one zero", () => {
    expect(canonicalJson({ a: undefined, b: -0 })).toBe('{"b":0}');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("refuses %d", (value) => {
    expect(() => canonicalJson({ a: [value] })).toThrow(TypeError);
  });

  it("says of any value what JSON says, in whatever order its keys were written", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value as never);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(reversed(value) as never)).toBe(text);
      }),
    );
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, reversed(member)]),
  );
}
