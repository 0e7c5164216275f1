import { deletionOrder } from "../../../../local/deploy/engine/order";
import { makeUrn, parseUrn } from "../../../../local/deploy/engine/urn";
import type { ResourceState } from "../../../../local/deploy/state/stackState";

function resource(urn: string, dependencies: string[] = [], parent?: string): ResourceState {
  const state: ResourceState = {
    urn,
    type: "t",
    name: urn,
    custom: true,
    inputs: {},
    outputs: {},
    dependencies,
    protect: false,
    retainOnDelete: false,
  };
  return parent === undefined ? state : { ...state, parent };
}

describe("the order of deletion", () => {
  it("deletes users before what they use, and children before parents, whatever the order of making", () => {
    const order = deletionOrder([
      resource("db", [], "stack"),
      resource("app", ["db", "key"], "stack"),
      resource("stack"),
      resource("key", [], "stack"),
    ]);
    const place = (urn: string): number => order.findIndex((one) => one.urn === urn);
    expect(place("app")).toBeLessThan(place("db"));
    expect(place("app")).toBeLessThan(place("key"));
    expect(place("stack")).toBe(3);
  });

  it("deletes a provider after all that was made through it", () => {
    const made = { ...resource("app"), provider: "cloud::id-1" };
    expect(deletionOrder([made, resource("cloud")]).map(({ urn }) => urn)).toEqual(["app", "cloud"]);
  });

  it("ends on a circle, with each resource once", () => {
    expect(deletionOrder([resource("a", ["b"]), resource("b", ["a"])])).toHaveLength(2);
  });
});

describe("the names of resources", () => {
  it("are Pulumi's: the types of the parents, without the stack's", () => {
    const stack = makeUrn("dev", "shop", undefined, "pulumi:pulumi:Stack", "shop-dev");
    const outer = makeUrn("dev", "shop", stack, "a:b:Outer", "one");
    const inner = makeUrn("dev", "shop", outer, "a:b:Inner", "two");
    expect(stack).toBe("urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev");
    expect(outer).toBe("urn:pulumi:dev::shop::a:b:Outer::one");
    expect(inner).toBe("urn:pulumi:dev::shop::a:b:Outer$a:b:Inner::two");
  });

  it("are read back, with a name that holds the separator", () => {
    const parts = parseUrn("urn:pulumi:dev::shop::a:b:Outer$a:b:Inner::two::three");
    expect(parts).toMatchObject({ stack: "dev", project: "shop", type: "a:b:Inner", name: "two::three" });
    expect(() => parseUrn("not a urn")).toThrow("reads urn:pulumi:");
  });
});
