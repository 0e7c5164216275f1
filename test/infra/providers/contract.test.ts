import { startTestCloud, type TestCloud } from "../../local/cloud/support";
import { FAULTS, type FaultProxy, startFaultProxy } from "./contract/faultProxy";
import type { Case } from "./contract/subject";
import { SUBJECTS } from "./contract/subjects";
import { PLANTED_SECRET } from "./contract/workers";
import { type Plugin, START_LIMIT_MS, startPlugin, type State, type Values } from "./support/plugin";
import { urnOf } from "./setup";

/** What the engine sends in a preview for what is not known yet. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

let account: TestCloud;
let proxy: FaultProxy;
let plugin: Plugin;
beforeAll(async () => {
  account = await startTestCloud();
  proxy = await startFaultProxy(account.cloud.apiUrl);
  plugin = await startPlugin({ CLOUDFLARE_BASE_URL: proxy.baseUrl, CLOUDFLARE_API_TOKEN: account.cloud.apiToken });
}, START_LIMIT_MS);
afterAll(async () => {
  await plugin?.stop();
  await proxy?.close();
  await account?.stop();
});

describe.each(SUBJECTS)("$type", ({ type, prepare }) => {
  const urn = urnOf(type);
  let cases = 0;
  /** A case of its own, and a provider that nothing has gone wrong with yet. */
  const given = async (): Promise<Case> => {
    const one = await prepare(account, `contract-${type.toLowerCase()}-${++cases}`);
    proxy.forget();
    return one;
  };
  const create = async (inputs: Values): Promise<{ id: string; state: State }> => {
    const { id, outputs } = await plugin.create(urn, inputs);
    return { id, state: { inputs, outputs } };
  };
  /** How many requests that may change something its creation and its change take when nothing goes wrong. */
  const countWrites = async () => {
    const { inputs, change } = await given();
    const { id, state } = await create(inputs);
    const createWrites = proxy.writes.length;
    proxy.forget();
    if (change) await plugin.update(urn, id, state, change.inputs);
    return { createWrites, updateWrites: proxy.writes.length };
  };
  let counted: Awaited<ReturnType<typeof countWrites>> | undefined;
  const expectSame = async (id: string, state: State, inputs: Values) =>
    expect(await plugin.diff(urn, id, state, inputs)).toMatchObject({ changes: false, replaces: [], details: {} });

  test("check takes good inputs as they are, and anything that is not known yet", async () => {
    const { inputs } = await given();
    expect(await plugin.check(urn, {}, inputs)).toEqual({ inputs, failures: [] });
    for (const key of Object.keys(inputs)) {
      const { failures } = await plugin.check(urn, {}, { ...inputs, [key]: UNKNOWN });
      expect([key, failures]).toEqual([key, []]);
    }
  });

  test("check names the property that is wrong, missing or none of its own", async () => {
    const { inputs, bad } = await given();
    for (const [change, property] of bad) {
      const { failures } = await plugin.check(urn, {}, { ...inputs, ...change });
      expect(failures.map(([name]) => name)).toEqual([property]);
    }
    const { accountId: _missing, ...rest } = inputs;
    expect((await plugin.check(urn, {}, { ...rest, acountId: "typo" })).failures.map(([name]) => name)).toEqual([
      "acountId",
      "accountId",
    ]);
  });

  test("a preview of its creation changes nothing and promises nothing but its inputs", async () => {
    const { inputs, count } = await given();
    const before = await count();
    const { id, outputs } = await plugin.create(urn, { ...inputs, accountId: UNKNOWN }, { preview: true });
    expect(id).toBe("");
    const added = Object.keys(outputs).filter((key) => !(key in inputs));
    expect(added.map((key) => outputs[key])).toEqual(added.map(() => UNKNOWN));
    expect([await count(), proxy.writes]).toEqual([before, []]);
  });

  test("what was made differs in nothing, is read back as it is, and goes", async () => {
    const { inputs, count, staysAfterDelete = false } = await given();
    const { id, state } = await create(inputs);
    expect(await count()).toBe(1);
    await expectSame(id, state, inputs);

    const read = await plugin.read(urn, id, state);
    expect(read).toEqual({ id, inputs: sealedAs(state.outputs, inputs), outputs: state.outputs });
    await plugin.remove(urn, id, state);
    expect(await count()).toBe(staysAfterDelete ? 1 : 0);
    await plugin.remove(urn, id, state); // a second time is no error
  });

  test("a change is told property by property; in place it is made, else it is a replacement", async () => {
    const { inputs, change, replacement, stable = [] } = await given();
    const { id, state } = await create(inputs);
    if (replacement) {
      const diff = await plugin.diff(urn, id, state, replacement.inputs);
      expect(diff.changes).toBe(true);
      expect(Object.keys(diff.details).toSorted()).toEqual([...replacement.paths].toSorted());
      expect(Object.values(diff.details).every((kind) => kind.endsWith("_REPLACE"))).toBe(true);
      expect(diff.replaces).toEqual([...new Set(replacement.paths.map((path) => path.split(/[.[]/)[0]))]);
    }
    if (!change) return;
    const diff = await plugin.diff(urn, id, state, change.inputs);
    expect(diff).toMatchObject({ changes: true, replaces: [], stables: stable });
    expect(Object.keys(diff.details).toSorted()).toEqual([...change.paths].toSorted());
    const promised = await plugin.update(urn, id, state, change.inputs, { preview: true });
    for (const key of Object.keys(promised).filter((name) => !(name in inputs))) {
      expect([key, promised[key]]).toEqual([key, stable.includes(key) ? state.outputs[key] : UNKNOWN]);
    }
    const outputs = await plugin.update(urn, id, state, change.inputs);
    await expectSame(id, { inputs: change.inputs, outputs }, change.inputs);
  });

  test("an imported one differs in nothing from the program's, then and later", async () => {
    const { inputs, importId } = await given();
    const { id } = await create(inputs);
    if (!importId) {
      await expect(plugin.read(urn, id)).rejects.toThrow(/nothing to import/);
      return;
    }
    const imported = (await plugin.read(urn, importId(id)))!;
    expect(imported.id).toBe(id);
    expect((await plugin.check(urn, {}, imported.inputs)).failures).toEqual([]);
    expect((await plugin.check(urn, imported.inputs, inputs)).failures).toEqual([]);
    await expectSame(id, imported, inputs);
    await expectSame(id, { inputs, outputs: imported.outputs }, inputs); // the second `up`
    await expectSame(id, (await plugin.read(urn, id, imported))!, inputs); // a refresh
  });

  test("an id to import that has a wrong form is answered with the form, one that leads nowhere with nothing", async () => {
    const { importId } = await given();
    if (!importId) return;
    await expect(plugin.read(urn, "one/two/three/four/five")).rejects.toThrow(/no id to import.*\{accountId\}\//);
    const nowhere = importId("0b1f4cbb-6f2f-4a5e-9a30-5d8a0c7a2c11").replace(/contract-[a-z]+-\d+/, "contract-none");
    expect(await plugin.read(urn, nowhere)).toBeUndefined();
  });

  test("one that is gone reads as gone, and may be deleted again", async () => {
    const { inputs, remove } = await given();
    if (!remove) return;
    const { id, state } = await create(inputs);
    await remove(id);
    expect(await plugin.read(urn, id, state)).toBeUndefined();
    await plugin.remove(urn, id, state);
  });

  describe.each(FAULTS)("with %s", (fault) => {
    test("at any step of its life there is one in the end, and the state is true", async () => {
      const { createWrites, updateWrites } = (counted ??= await countWrites());
      for (let nth = 1; nth <= createWrites; nth++) {
        const { inputs, count } = await given();
        proxy.spoil(nth, fault);
        const { id, state } = await orNextTime(() => create(inputs));
        expect([nth, await count()]).toEqual([nth, 1]);
        await expectSame(id, state, inputs);
        expect((await plugin.read(urn, id, state))?.outputs).toEqual(state.outputs);
      }
      for (let nth = 1; nth <= updateWrites; nth++) {
        const { inputs, change, count, countChanged = 1 } = await given();
        const { id, state } = await create(inputs);
        proxy.spoil(nth, fault);
        const outputs = await orNextTime(() => plugin.update(urn, id, state, change!.inputs));
        expect([nth, await count()]).toEqual([nth, countChanged]);
        await expectSame(id, { inputs: change!.inputs, outputs }, change!.inputs);
      }
      const { inputs, count, staysAfterDelete = false } = await given();
      const { id, state } = await create(inputs);
      proxy.spoil(1, fault);
      await orNextTime(() => plugin.remove(urn, id, state));
      expect(await count()).toBe(staysAfterDelete ? 1 : 0);
    }, 120_000);
  });
});

test("nothing that the plugin printed has a secret in it", () => {
  expect(plugin.printed()).not.toContain(PLANTED_SECRET);
  expect(plugin.printed()).not.toContain(account.cloud.apiToken);
});

/** What the next `up` makes of it where this one fails. */
async function orNextTime<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch {
    return call();
  }
}

/** Inputs as a read gives them back: secret where the outputs are. */
const sealedAs = (outputs: Values, inputs: Values): Values =>
  Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => [
      key,
      JSON.stringify(outputs[key])?.includes(Object.values(SECRET)[0] ?? "") ? { ...SECRET, value } : value,
    ]),
  );
