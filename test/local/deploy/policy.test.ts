import * as pulumi from "@pulumi/pulumi";
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { MemoryStack, thing } from "./support/memoryCloud";

let stack: MemoryStack;
beforeEach(() => (stack = new MemoryStack()));
afterEach(() => stack.remove());

const small: ResourceValidationPolicy = {
  name: "small",
  description: "Values are small.",
  enforcementLevel: "mandatory",
  validateResource: ({ type, props, name }, report) => {
    if (type === "test:index:Thing" && Number(props.value) > 10) report(`${name} is ${props.value}; at most 10`);
  },
};
const few: StackValidationPolicy = {
  name: "few",
  description: "There are few things.",
  enforcementLevel: "advisory",
  validateStack: ({ resources }, report) => {
    if (resources.length > 1) report(`${resources.length} things`, resources[0]!.urn);
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
        for (const { name, props, opts, dependencies } of resources) {
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
      validateResource: () => {
        throw new Error("no such property");
      },
    };
    const running = stack.run("preview", () => void thing("a"), { policies: [broken] });
    await expect(running).rejects.toThrow(/policy broken broke on .*::a: no such property/);
  });
});
