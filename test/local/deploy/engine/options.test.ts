import * as pulumi from "@pulumi/pulumi";
import { readFileSync } from "node:fs";
import { NotReady } from "../../../../local/deploy/handlers/handler";
import { explicitProvider } from "../../../../local/deploy/handlers/provider";
import { Group, MemoryStack, thing } from "../support/memoryCloud";

let stack: MemoryStack;
beforeEach(() => (stack = new MemoryStack()));
afterEach(() => stack.remove());

const handlers = () =>
  new Map([
    ["test:index:Thing", stack.handler],
    ["pulumi:providers:test", explicitProvider()],
    ["pulumi:providers:other", explicitProvider()],
  ]);
class TestProvider extends pulumi.ProviderResource {
  constructor(name: string, token: pulumi.Input<string> = "", of = "test") {
    super(of, name, { token });
  }
}

describe("an explicit provider", () => {
  const token = () => new pulumi.Config("shop").requireSecret("key");
  const program = () => {
    const provider = new TestProvider("mine", token());
    const group = new Group("group", { providers: { test: provider } });
    thing("inside", {}, { parent: group });
    thing("beside", {}, { provider });
  };

  it("is kept with its resources and goes after them, and no call is made for it", async () => {
    const up = await stack.run("up", program, { handlers: handlers() });
    expect(up.changeSummary.create).toBe(5);
    expect(stack.calls.toSorted()).toEqual(["create beside", "create inside"]);
    const { resources } = stack.state();
    const mine = resources.find(({ name }) => name === "mine")!;
    for (const name of ["inside", "beside"])
      expect(resources.find((resource) => resource.name === name)).toMatchObject({
        provider: `${mine.urn}::${mine.id}`,
      });
    for (const operation of ["preview", "up"] as const)
      expect((await stack.run(operation, program, { handlers: handlers() })).steps).toEqual([]);
    const destroyed = await stack.run("destroy", program, { handlers: handlers() });
    const order = destroyed.steps.map(({ name }) => name);
    expect(order.indexOf("mine")).toBeGreaterThan(Math.max(order.indexOf("inside"), order.indexOf("beside")));
  });

  it("keeps its token out of the state and of all that is told", async () => {
    const result = await stack.run("up", program, { handlers: handlers() });
    expect(readFileSync(stack.file, "utf8") + JSON.stringify([result, stack.events])).not.toContain("hush-hush");
  });

  it("that is of another package is refused", async () => {
    const wrong = () => void thing("one", {}, { provider: new TestProvider("theirs", "", "other") });
    await expect(stack.run("preview", wrong, { handlers: handlers() })).rejects.toMatchObject({
      code: "BAD_RESOURCE",
      message: expect.stringMatching(/::one.*theirs.*pulumi:providers:test/),
    });
  });
});

describe("a resource whose parent was renamed", () => {
  const grouped = (name: string, opts?: pulumi.ComponentResourceOptions) => () => {
    const group = new Group(name, opts);
    const inside = thing(`${name}-inside`, { value: 1 }, { parent: group });
    thing("user", { value: inside.mark }, { parent: group });
  };

  it("is kept, with all that refers to it, when the parent names its older name", async () => {
    await stack.run("up", grouped("old"));
    const renamed = grouped("new", { aliases: [{ name: "old" }] });
    expect((await stack.run("up", renamed)).steps).toEqual([]);
    const { resources } = stack.state();
    expect(JSON.stringify(resources)).not.toContain("::old");
    expect(resources.map(({ name }) => name)).toEqual(["shop-dev", "new", "new-inside", "user"]);
    expect((await stack.run("up", grouped("new"))).steps).toEqual([]);
  });

  it("is another resource when nobody says so, with all that is named after it", async () => {
    await stack.run("up", grouped("old"));
    expect((await stack.run("up", grouped("new"))).changeSummary).toMatchObject({ create: 2, delete: 2 });
  });

  it("is not taken from a resource that is still declared", async () => {
    const both = () => {
      thing("one", { value: 1 });
      thing("two", { value: 2 }, { aliases: [{ name: "one" }] });
    };
    await stack.run("up", () => void thing("one", { value: 1 }));
    expect((await stack.run("up", both)).steps).toMatchObject([{ op: "create", name: "two" }]);
  });
});

describe("a resource that is deleted with another", () => {
  const program =
    (retainOnDelete = false) =>
    () => {
      const house = thing("house", {}, { retainOnDelete });
      thing("room", { value: house.mark }, { deletedWith: house });
    };

  it("is not deleted by itself when both go", async () => {
    await stack.run("up", program());
    await stack.run("destroy", program());
    expect(stack.calls.slice(2)).toEqual(["delete house"]);
  });

  it("is deleted when it goes alone, or the other is retained", async () => {
    await stack.run("up", program());
    await stack.run("up", () => void thing("house"));
    expect(stack.calls.slice(2)).toEqual(["delete room"]);
    await stack.run("up", program(true));
    await stack.run("destroy", program(true));
    expect(stack.calls.slice(3)).toEqual(["create room", "delete room"]);
  });
});

describe("a resource that is there and does not work", () => {
  const program =
    (value = 1) =>
    () => {
      const pool = thing("pool", { value: pulumi.secret(value) });
      thing("after", { value: pool.mark });
    };
  /** The next call of the handler makes what it should, and says that it does not work. */
  const ill = (call: "create" | "update") => {
    const work = stack.handler[call]!.bind(stack.handler) as (...args: unknown[]) => Promise<never>;
    stack.handler[call] = async (...args: unknown[]) => {
      stack.handler[call] = work;
      const made: object = await work(...args);
      const { id, outputs } = call === "create" ? (made as { id: string; outputs: never }) : { id: "", outputs: made };
      throw new NotReady({ id, outputs: outputs as never }, ["pool-3 answers 500.", "Look at its log."]);
    };
  };

  it("fails the run, is kept with the reasons, and is updated by the next up although nothing changed", async () => {
    ill("create");
    await expect(stack.run("up", program())).rejects.toMatchObject({
      code: "NOT_READY",
      message: expect.stringMatching(/::pool is there.*pool-3 answers 500\. Look at its log\..*next up/),
    });
    expect(stack.calls).toEqual(["create pool"]);
    const pool = () => stack.state().resources.find(({ name }) => name === "pool");
    expect(pool()).toMatchObject({ id: "id-1", initErrors: ["pool-3 answers 500.", "Look at its log."] });
    expect(stack.state().pending).toEqual([]);

    const preview = await stack.run("preview", program());
    expect(preview.steps).toMatchObject([
      { op: "update", name: "pool", notReady: ["pool-3 answers 500.", "Look at its log."] },
      { op: "create", name: "after" },
    ]);
    await stack.run("up", program());
    expect(stack.calls.slice(1)).toEqual(["update pool", "create after"]);
    expect(pool()).not.toHaveProperty("initErrors");
    expect((await stack.run("up", program())).steps).toEqual([]);
  });

  it("after an update is tried again with the new inputs, as often as it takes", async () => {
    await stack.run("up", program());
    ill("update");
    await expect(stack.run("up", program(2))).rejects.toMatchObject({ code: "NOT_READY" });
    ill("update");
    await expect(stack.run("up", program(2))).rejects.toMatchObject({ code: "NOT_READY" });
    expect((await stack.run("up", program(2))).steps).toMatchObject([{ op: "update", name: "pool" }]);
    expect((await stack.run("preview", program(2))).steps).toEqual([]);
  });

  it("that was to replace another leaves the other to be deleted, and is no third time made", async () => {
    const fixed = (to: number) => () => void thing("pool", { fixed: to });
    await stack.run("up", fixed(1));
    ill("create");
    await expect(stack.run("up", fixed(2))).rejects.toMatchObject({ code: "NOT_READY" });
    await stack.run("up", fixed(2));
    expect(stack.calls).toEqual(["create pool", "create pool", "update pool", "delete pool"]);
    expect([...stack.there.keys()]).toEqual(["id-2"]);
  });

  it("can be destroyed", async () => {
    ill("create");
    await expect(stack.run("up", program())).rejects.toThrow("does not work");
    await stack.run("destroy", program());
    expect(stack.there.size).toBe(0);
  });
});

describe("what a program logs", () => {
  it("is told once by an up, also when only the deployment makes it known", async () => {
    const program = () => {
      void pulumi.log.info("bundled");
      thing("one").mark.apply((mark) => void pulumi.log.info(`made ${mark}`));
    };
    const told = () => stack.events.splice(0).flatMap((event) => (event.kind === "diagnostic" ? [event.message] : []));
    await stack.run("up", program);
    expect(told()).toEqual(["bundled", "made mark-1"]);
    await stack.run("up", program);
    expect(told()).toEqual(["bundled", "made mark-1"]);
    await stack.run("preview", program);
    expect(told()).toEqual(["bundled", "made mark-1"]);
  });
});
