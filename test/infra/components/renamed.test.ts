import type * as pulumi from "@pulumi/pulumi";
import { EdgeStorage, GeneratorImage, ShopSecrets } from "../../../infra/components";
import type { Handlers } from "../../../local/deploy/handlers/handler";
import { MemoryStack } from "../../local/deploy/support/memoryCloud";
import { ACCOUNT } from "./program";
import { migration, names, settingsWith } from "./stack";

type Component = new (name: string, args: never, opts?: pulumi.ComponentResourceOptions) => pulumi.ComponentResource;
const context = { folder: ".build/dev/generator", buildId: "0123456789ab", tag: "0123456789abcdef" };
const COMPONENTS: readonly (readonly [string, Component, object])[] = [
  ["EdgeStorage", EdgeStorage, { names, settings: settingsWith(), migrations: [migration] }],
  ["GeneratorImage", GeneratorImage, { accountId: ACCOUNT, context }],
  ["ShopSecrets", ShopSecrets, { given: {}, rotation: settingsWith().rotation }],
];

let stack: MemoryStack;
let handlers: Handlers;
beforeEach(() => {
  stack = new MemoryStack();
  // Whatever its type, a resource is kept in a list.
  handlers = { get: () => stack.handler, has: () => true } as unknown as Handlers;
});
afterEach(() => stack.remove());

test.each(COMPONENTS)(
  "%s can be renamed with an alias: whatever is named after it stays",
  async (_, component, args) => {
    const up = (name: string, opts?: pulumi.ComponentResourceOptions) =>
      stack.run("up", () => void new component(name, args as never, opts), { handlers });
    const { changeSummary } = await up("former");
    expect(changeSummary.create).toBeGreaterThan(1);

    const { steps } = await up("newer", { aliases: [{ name: "former" }] });
    expect(steps).toEqual([]);
    expect(JSON.stringify(stack.state().resources)).not.toContain("::former");
  },
);

test("a component that is renamed without an alias is another one", async () => {
  const args = { given: {}, rotation: settingsWith().rotation };
  const up = (name: string) => stack.run("up", () => void new ShopSecrets(name, args), { handlers });
  await up("former");
  expect((await up("newer")).changeSummary).toMatchObject({ create: 4, delete: 4 });
});
