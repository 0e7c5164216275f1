import * as pulumi from "@pulumi/pulumi";
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { layered, readPolicyConfig, type PolicyConfig } from "../../../local/deploy/policy";
import { readable, UNKNOWN } from "../../../policies/values";
import { MemoryStack, thing } from "./support/memoryCloud";

const THING = "test:index:Thing";
let stack: MemoryStack;
beforeEach(() => (stack = new MemoryStack()));
afterEach(() => stack.remove());

const small: ResourceValidationPolicy = {
  name: "small",
  description: "Values are small.",
  enforcementLevel: "mandatory",
  validateResource: ({ type, props, name }, report) => {
    if (type === THING && Number(props.value) > 10) report(`${name} is ${props.value}; at most 10`);
  },
};
const few: StackValidationPolicy = {
  name: "few",
  description: "There are few things.",
  enforcementLevel: "advisory",
  validateStack: ({ resources }, report) => {
    const things = resources.filter(({ type }) => type === THING);
    if (things.length > 1) report(`${things.length} things`, things[0]!.urn);
  },
};

describe("the policies of a deployment", () => {
  it("refuse it before anything is made, with every violation", async () => {
    const program = () => {
      thing("fine", { value: 10 });
      thing("large", { value: 11 });
      thing("huge", { value: 99 });
    };
    await expect(stack.run("up", program, { policies: [small] })).rejects.toMatchObject({
      code: "POLICY_VIOLATED",
      message: expect.stringMatching(/large is 11; at most 10[\s\S]*huge is 99/),
    });
    expect(stack.calls).toEqual([]);
  });

  it("let it pass with advice", async () => {
    const result = await stack.run("up", () => [thing("a"), thing("b")], { policies: [few, small] });
    expect(result.policy).toEqual([
      { rule: "few", resource: expect.stringContaining("::a"), level: "advisory", message: "2 things" },
    ]);
    expect(stack.calls).toHaveLength(2);
  });

  it("say nothing of a value that is not known yet", async () => {
    const program = () => void thing("late", { value: thing("first").mark });
    expect((await stack.run("preview", program, { policies: [small] })).policy).toEqual([]);
  });

  it("see secrets opened, dependencies and options", async () => {
    const seen: unknown[] = [];
    const look: StackValidationPolicy = {
      name: "look",
      description: "Looks.",
      validateStack: ({ resources }) => {
        for (const { type, name, props, opts, dependencies } of resources) {
          if (type !== THING) continue;
          seen.push([name, props.value, opts.protect, dependencies.map((other) => other.name)]);
        }
      },
    };
    const program = () => {
      const first = thing("first", { value: pulumi.secret("opened") }, { protect: true });
      thing("second", { value: 2 }, { dependsOn: [first] });
    };
    await stack.run("preview", program, { policies: [look] });
    expect(seen).toEqual([
      ["first", "opened", true, []],
      ["second", 2, false, ["first"]],
    ]);
  });

  it("that break are named", async () => {
    const broken: ResourceValidationPolicy = {
      name: "broken",
      description: "Breaks.",
      validateResource: ({ type }) => {
        if (type === THING) throw new Error("no such property");
      },
    };
    const running = stack.run("preview", () => void thing("a"), { policies: [broken] });
    await expect(running).rejects.toThrow(/policy broken broke on .*::a: no such property/);
  });

  it("of the whole stack see what comes of each resource, its id, and the stack's outputs", async () => {
    const seen: unknown[] = [];
    const look: StackValidationPolicy = {
      name: "look",
      description: "Looks.",
      validateStack: ({ resources }) => {
        for (const { name, props } of resources) seen.push([name, readable(props)]);
      },
    };
    const program = () => ({ said: thing("a", { value: 1 }).mark, cost: { monthlyUsd: 5 } });
    const policies = [look];
    await stack.run("up", program, { policies });
    await stack.run("preview", program, { policies });
    const [first, a, second, again] = seen;
    expect([first, a]).toEqual([
      ["shop-dev", { said: UNKNOWN, cost: { monthlyUsd: 5 } }],
      ["a", { value: 1, id: UNKNOWN }],
    ]);
    expect([second, again]).toEqual([
      ["shop-dev", { said: "mark-1", cost: { monthlyUsd: 5 } }],
      ["a", { value: 1, mark: "mark-1", id: "id-1" }],
    ]);
  });

  describe("by a config", () => {
    const most: ResourceValidationPolicy = {
      name: "most",
      description: "Values are not too large.",
      enforcementLevel: "mandatory",
      configSchema: { properties: { value: { type: "number", default: 10 } } },
      validateResource: ({ type, props, getConfig }, report) => {
        const { value = 10 } = getConfig<{ value?: number }>();
        if (type === THING && Number(props.value) > value) report(`above ${value}`);
      },
    };
    const found = async (policyConfig: PolicyConfig): Promise<unknown[]> => {
      const program = () => void thing("a", { value: 11 });
      const { policy } = await stack.run("preview", program, { policies: [most], policyConfig });
      return policy.map(({ level, message }) => [level, message]);
    };

    it("have other thresholds and levels", async () => {
      expect(await found({ most: { properties: { value: 11 } } })).toEqual([]);
      expect(await found({ most: { level: "advisory", properties: { value: 3 } } })).toEqual([["advisory", "above 3"]]);
      expect(await found({ most: { level: "disabled", properties: {} } })).toEqual([]);
      expect(await found({ all: { level: "advisory", properties: {} } })).toEqual([["advisory", "above 10"]]);
    });

    const file = (): string => path.join(stack.stateDir, "policies.json");
    const read = (text: string): PolicyConfig => {
      writeFileSync(file(), text);
      return readPolicyConfig(file(), [most, few]);
    };

    it("is read as the Pulumi CLI reads it", () => {
      expect(read('{"all": "advisory", "most": {"value": 3, "enforcementLevel": "mandatory"}, "few": {}}')).toEqual({
        all: { level: "advisory", properties: {} },
        most: { level: "mandatory", properties: { value: 3 } },
        few: { properties: {} },
      });
      expect(readPolicyConfig(path.join(stack.stateDir, "none.json"), [most])).toEqual({});
    });

    it.each([
      ["{", /no JSON/],
      ['{"most": 3}', /most/],
      ['{"most": "maybe"}', /most/],
      ['{"moist": "advisory"}', /moist: no such policy; there are most, few/],
      ['{"most": {"value": "3"}}', /most\.value: .*number/],
      ['{"most": {"valeu": 3}}', /most: .*valeu.*it has value/],
      ['{"few": {"value": 3}}', /few: .*it has nothing but enforcementLevel/],
    ])("%s is refused with what is allowed", (text, message) => {
      expect(() => read(text)).toThrow(message);
      expect(() => read(text)).toThrow(expect.objectContaining({ code: "BAD_POLICY_CONFIG" }));
    });

    it("is laid over the pack's own", () => {
      const own = { most: { level: "advisory", properties: { value: 1, other: 2 } }, few: { properties: {} } } as const;
      expect(layered(own, { most: { properties: { value: 3 } } })).toEqual({
        most: { level: "advisory", properties: { value: 3, other: 2 } },
        few: { properties: {} },
      });
      expect(layered(own, { all: { level: "mandatory", properties: {} } })).toMatchObject({
        all: { level: "mandatory" },
        most: { level: "mandatory" },
      });
    });

    it("that is asked for and not there is refused", () => {
      expect(() => readPolicyConfig(file(), [most], true)).toThrow(/there is no such file/);
    });
  });
});
