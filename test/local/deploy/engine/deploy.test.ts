import * as pulumi from "@pulumi/pulumi";
import { readFileSync, writeFileSync } from "node:fs";
import { runProgram } from "../../../../local/deploy/program/run";
import { Group, MemoryStack, thing } from "../support/memoryCloud";

class Unheard extends pulumi.CustomResource {}

let stack: MemoryStack;
beforeEach(() => (stack = new MemoryStack()));
afterEach(() => stack.remove());

const names = (steps: readonly { op: string; name: string }[]): string[] => steps.map((s) => `${s.op} ${s.name}`);
const chain =
  (value: unknown = 1, fixed: unknown = 1) =>
  () => {
    const first = thing("first", { value, fixed });
    const second = thing("second", { value: first.mark });
    return { mark: second.mark };
  };

describe("a deployment", () => {
  it("makes nothing in a preview, and tells what it would make", async () => {
    const result = await stack.run("preview", chain());
    expect(result.changeSummary).toEqual({ create: 3, update: 0, replace: 0, delete: 0, same: 0 });
    expect(result.outputs).toEqual({ mark: "[unknown]" });
    expect(stack.calls).toEqual([]);
  });

  it("makes what was previewed, dependencies first, and then finds nothing to do", async () => {
    const up = await stack.run("up", chain());
    expect(up.changeSummary.create).toBe(3);
    expect(up.outputs).toEqual({ mark: "mark-2" });
    expect(stack.calls).toEqual(["create first", "create second"]);
    for (const operation of ["preview", "up"] as const) {
      const again = await stack.run(operation, chain());
      expect(again.changeSummary).toEqual({ create: 0, update: 0, replace: 0, delete: 0, same: 3 });
      expect(again.steps).toEqual([]);
    }
    expect(stack.calls).toHaveLength(2);
  });

  it("updates in place what can be, and leaves what depends on it alone", async () => {
    await stack.run("up", chain());
    const result = await stack.run("up", chain(2));
    expect(result.steps).toMatchObject([{ op: "update", name: "first", diff: ["value"] }]);
    expect(stack.calls.slice(2)).toEqual(["update first"]);
  });

  it("replaces what cannot be changed: makes the new one, moves its users over, then deletes the old one", async () => {
    await stack.run("up", chain());
    const preview = await stack.run("preview", chain(1, 2));
    expect(names(preview.steps)).toEqual(["replace first", "update second"]);
    const up = await stack.run("up", chain(1, 2));
    expect(up.steps[0]).toMatchObject({ diff: ["fixed"], replaceReasons: ["fixed"] });
    expect(up.changeSummary).toMatchObject({ replace: 1, update: 1, delete: 0 });
    expect(stack.calls.slice(2)).toEqual(["create first", "update second", "delete first"]);
    expect([...stack.there.keys()].toSorted()).toEqual(["id-2", "id-3"]);
  });

  it("deletes before it replaces where the program, or the key of the resource, asks for it", async () => {
    const program = (fixed: number) => () => void thing("one", { fixed }, { deleteBeforeReplace: true });
    await stack.run("up", program(1));
    await stack.run("up", program(2));
    expect(stack.calls).toEqual(["create one", "delete one", "create one"]);
    stack.handler.naturalKey = () => "always the same";
    await stack.run("up", () => void thing("one", { fixed: 3 }));
    expect(stack.calls.slice(3)).toEqual(["delete one", "create one"]);
  });

  it("deletes what the program no longer declares, users before what they use, after the rest", async () => {
    await stack.run("up", chain());
    const result = await stack.run("up", () => void thing("third"));
    expect(names(result.steps)).toEqual(["create third", "delete second", "delete first"]);
    expect(stack.calls.slice(2)).toEqual(["create third", "delete second", "delete first"]);
  });

  it("keeps a resource under a new name that names the old one as its alias", async () => {
    await stack.run("up", () => void thing("old", { value: 1 }));
    const result = await stack.run("up", () => void thing("new", { value: 1 }, { aliases: [{ name: "old" }] }));
    expect(result.steps).toEqual([]);
    expect(stack.state().resources.map((r) => r.name)).toContain("new");
  });

  it("leaves ignored changes alone", async () => {
    await stack.run("up", () => void thing("one", { value: 1 }));
    const result = await stack.run("up", () => void thing("one", { value: 2 }, { ignoreChanges: ["value"] }));
    expect(result.steps).toEqual([]);
  });

  it("puts components into the tree and counts them", async () => {
    const program = () => {
      const group = new Group("group");
      thing("inner", {}, { parent: group });
    };
    const result = await stack.run("up", program);
    expect(result.changeSummary.create).toBe(3);
    const inner = result.steps.find((step) => step.name === "inner")!;
    expect(inner.parent).toBe("urn:pulumi:dev::shop::test:index:Group::group");
    expect(inner.urn).toBe("urn:pulumi:dev::shop::test:index:Group$test:index:Thing::inner");
  });

  it("runs programs one after the other, and side by side, without mixing them", async () => {
    const other = new MemoryStack();
    const program = (name: string) => () => {
      const made = thing(name);
      return { stack: pulumi.getStack(), mark: made.mark };
    };
    const [one, two] = await Promise.all([
      stack.run("up", program("a")),
      other.run("up", program("b"), { stack: "test" }),
    ]);
    expect([one.outputs.stack, two.outputs.stack]).toEqual(["dev", "test"]);
    expect([stack.calls, other.calls]).toEqual([["create a"], ["create b"]]);
    other.remove();
  });
});

describe("a deployment that goes wrong", () => {
  it("keeps in the state what was made before the failure, and goes on from there", async () => {
    const failing = () => {
      const first = thing("first");
      const second = thing("second", { value: first.mark.apply(() => "refuse") });
      thing("third", { value: second.mark });
    };
    await expect(stack.run("up", failing)).rejects.toMatchObject({
      code: "STEP_FAILED",
      message: expect.stringMatching(/create of .*::second failed: the cloud is full/),
    });
    expect(stack.state().resources.map((r) => r.name)).toEqual(["shop-dev", "first"]);
    expect(stack.events.filter((event) => event.kind === "failed")).toHaveLength(1);
    const mended = await stack.run("up", () => void thing("first"));
    expect(mended.changeSummary).toMatchObject({ create: 0, same: 2 });
  });

  it("refuses an unknown type by its name, before anything is made", async () => {
    const program = () => {
      thing("first");
      return new Unheard("cloudflare:index/zone:Zone", "zone", {});
    };
    await expect(stack.run("up", program)).rejects.toMatchObject({
      code: "BAD_RESOURCE",
      message: expect.stringContaining("cloudflare:index/zone:Zone"),
    });
    expect(stack.calls).toEqual([]);
  });

  it("refuses what a handler's check refuses, all of it at once", async () => {
    stack.handler.check = async (_urn, inputs) => {
      if (inputs.value === "bad") throw new Error("value: is bad");
      return inputs;
    };
    const program = () => {
      thing("one", { value: "bad" });
      thing("two", { value: "bad" });
      thing("three", { value: "good" });
    };
    const error = await stack.run("up", program).catch((e: Error) => e);
    expect(String(error)).toMatch(/::one: value: is bad[\s\S]*::two: value: is bad/);
    expect(String(error)).not.toContain("three");
    expect(stack.calls).toEqual([]);
  });

  it("refuses two resources of one name, unknown functions, and options that it does not have", async () => {
    const twice = () => [thing("one"), thing("one")];
    await expect(stack.run("preview", twice)).rejects.toThrow("two resources with the name");
    const calling = async () => void (await pulumi.runtime.invoke("aws:index:getZones", {}));
    await expect(stack.run("preview", calling)).rejects.toThrow("the function aws:index:getZones");
    const importing = () => void thing("one", {}, { import: "id-9" });
    await expect(stack.run("preview", importing)).rejects.toThrow("the option import");
  });

  it("fails where the program says that something is wrong, and passes its warnings on", async () => {
    const wrong = () => void pulumi.log.error("the shop has no name");
    await expect(stack.run("up", wrong)).rejects.toMatchObject({ message: "the shop has no name" });
    await stack.run("preview", () => void pulumi.log.warn("the shop has a long name"));
    const said = stack.events.flatMap((event) =>
      event.kind === "diagnostic" ? [`${event.level} ${event.message}`] : [],
    );
    expect(said).toContain("warning the shop has a long name");
  });

  it("answers functions that are registered", async () => {
    const functions = new Map([
      ["test:index:double", async (inputs: object) => ({ twice: `${JSON.stringify(inputs)}!` })],
    ]);
    const program = async () => await pulumi.runtime.invoke("test:index:double", { n: 2 });
    expect((await stack.run("preview", program, { functions })).outputs).toEqual({ twice: '{"n":2}!' });
  });

  it("ends a program that waits for what never comes, and names who waits", async () => {
    const never = new Promise<string>(() => {});
    const running = runProgram(() => void thing("waiting", { value: never }), {
      project: "shop",
      stack: "dev",
      preview: true,
      config: {},
      secretKeys: [],
      functions: new Map(),
      onEvent: () => {},
      stuckAfterMs: 50,
      engine: {
        register: async ({ name }) => ({ urn: `urn:pulumi:dev::shop::t::${name}`, outputs: {} }),
        setOutputs: async () => {},
      },
    });
    await expect(running).rejects.toMatchObject({ code: "PROGRAM_STUCK", message: expect.stringContaining("waiting") });
  });

  it("stops between two steps when it is told to, with the state as it is", async () => {
    const controller = new AbortController();
    const create = stack.handler.create;
    stack.handler.create = async (urn, inputs) => {
      controller.abort();
      return create(urn, inputs);
    };
    await expect(stack.run("up", chain(), { signal: controller.signal })).rejects.toMatchObject({
      code: "INTERRUPTED",
    });
    expect(stack.state().resources.map((r) => r.name)).toEqual(["shop-dev", "first"]);
  });

  it("does not reach into another account's resources", async () => {
    await stack.run("up", chain());
    const cloud = { apiUrl: "", edgeUrl: "", registryUrl: "", accountId: "another", apiToken: "" };
    await expect(stack.run("up", chain(), { cloud })).rejects.toMatchObject({ code: "CLOUD_CHANGED" });
  });

  it("makes nothing without a cloud, but previews", async () => {
    await expect(stack.run("up", chain(), { cloud: undefined })).rejects.toMatchObject({ code: "CLOUD_NEEDED" });
    expect((await stack.run("preview", chain(), { cloud: undefined })).changeSummary.create).toBe(3);
  });
});

describe("a create of which nobody knows how it ended", () => {
  const interruptCreate = async (): Promise<void> => {
    const create = stack.handler.create;
    stack.handler.create = async (urn, inputs) => {
      await create(urn, inputs);
      throw new Error("the connection was lost");
    };
    await expect(stack.run("up", () => void thing("one", { value: 1 }))).rejects.toThrow("connection was lost");
    stack.handler.create = create;
    expect(stack.state().pending).toMatchObject([{ name: "one" }]);
  };

  it("is looked up at the next run, and what it made is kept", async () => {
    await interruptCreate();
    stack.handler.find = async () => {
      const [found] = stack.there;
      return found === undefined ? undefined : { id: found[0], outputs: found[1] };
    };
    const result = await stack.run("up", () => void thing("one", { value: 1 }));
    expect(result.changeSummary).toMatchObject({ create: 0, same: 2 });
    expect(stack.there.size).toBe(1);
    expect(stack.state().pending).toEqual([]);
  });

  it("is begun anew where nothing was made", async () => {
    await interruptCreate();
    stack.there.clear();
    stack.handler.find = async () => undefined;
    const result = await stack.run("up", () => void thing("one", { value: 1 }));
    expect(result.changeSummary.create).toBe(1);
    expect(stack.there.size).toBe(1);
  });

  it("is not looked up when the cloud refused it: what it finds would be someone else's", async () => {
    stack.handler.isRefusal = () => true;
    stack.handler.find = async () => ({ id: "of-someone-else", outputs: {} });
    await expect(stack.run("up", () => void thing("one", { value: "refuse" }))).rejects.toThrow("the cloud is full");
    expect(stack.state().pending).toEqual([]);
    await stack.run("up", () => {});
    expect(stack.calls).toEqual(["create one"]);
  });

  it("leaves nothing behind when the program no longer wants the resource", async () => {
    await interruptCreate();
    stack.handler.find = async () => ({ id: "id-1", outputs: {} });
    await stack.run("up", () => {});
    expect(stack.there.size).toBe(0);
  });
});

describe("protected resources", () => {
  const guarded =
    (fixed = 1, protect = true) =>
    () => {
      thing("vault", { fixed }, { protect });
      thing("ledger", {}, { protect });
      thing("plain");
    };

  it("are not destroyed, and all of them are named", async () => {
    await stack.run("up", guarded());
    await expect(stack.run("destroy", () => {})).rejects.toMatchObject({
      code: "PROTECTED",
      message: expect.stringMatching(/vault.*ledger|ledger.*vault/),
    });
    expect(stack.there.size).toBe(3);
  });

  it("are neither replaced nor removed by an up, which then makes nothing else either", async () => {
    await stack.run("up", guarded());
    await expect(stack.run("up", guarded(2))).rejects.toMatchObject({ code: "PROTECTED" });
    await expect(stack.run("up", () => void thing("new"))).rejects.toMatchObject({ code: "PROTECTED" });
    expect(stack.calls).toHaveLength(3);
  });

  it("can be destroyed once an up has taken the protection away, which is no change of a resource", async () => {
    await stack.run("up", guarded());
    expect((await stack.run("up", guarded(1, false))).steps).toEqual([]);
    const result = await stack.run("destroy", () => {
      throw new Error("destroy does not run the program");
    });
    expect(result.changeSummary.delete).toBe(4);
    expect(stack.there.size).toBe(0);
    await expect(stack.run("preview", guarded())).resolves.toMatchObject({ changeSummary: { same: 0 } });
  });
});

describe("secrets", () => {
  const program = () => {
    const key = new pulumi.Config("shop").requireSecret("key");
    const holder = thing("holder", { value: pulumi.all({ key }) });
    return { key, mark: holder.mark, copy: key.apply((text) => `${text}!`) };
  };

  it("are in no state, event or result in the clear, and yet reach the cloud", async () => {
    const result = await stack.run("up", program);
    expect(result.outputs).toMatchObject({ key: "[secret]", copy: "[secret]" });
    const told = readFileSync(stack.file, "utf8") + JSON.stringify([stack.events, result]);
    expect(told).not.toContain("hush-hush");
    expect([...stack.there.values()]).toMatchObject([{ value: { key: "hush-hush-key" } }]);
  });

  it("are compared by what they hold", async () => {
    await stack.run("up", program);
    expect((await stack.run("preview", program)).steps).toEqual([]);
    const config = { values: { "shop:key": "another-key" }, secretKeys: ["shop:key"] };
    expect((await stack.run("preview", program, { config })).steps).toMatchObject([{ diff: ["value.key"] }]);
  });

  it("of a state whose key file was exchanged are not taken for anything", async () => {
    await stack.run("up", program);
    writeFileSync(`${stack.stateDir}/deploy.key`, "00".repeat(32));
    await expect(stack.run("preview", program)).rejects.toMatchObject({ code: "BAD_STATE" });
  });
});
